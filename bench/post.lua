-- Posts comments, each with words and an address of its own, and prints what the bench reads.
local path, stamp = os.getenv("BENCH_PATH"), os.getenv("BENCH_STAMP")
local run, number = os.getenv("BENCH_RUN"), 0
local text = "A+comment+of+usual+length.+It+agrees+with+the+post%2C+adds+%2Aone%2A+thing+from+the+" ..
  "writer%27s+own+work%2C+and+asks+a+question+at+its+end%2C+which+is+number+"

refused = 0
local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function request()
  number = number + 1
  local body = "name=Bo&email=bo%40example.org&subject=&stamp=" .. stamp .. "&text=" .. text ..
    run .. "-" .. id .. "-" .. number
  return wrk.format("POST", path, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Sec-Fetch-Site"] = "same-origin",
    ["X-Forwarded-For"] = string.format("2001:db8:%x:%x::1", number % 65536, tonumber(run) * 16 + id),
  }, body)
end

function response(status)
  if status ~= 303 then
    refused = refused + 1
  end
end

function done(summary, latency)
  local total = 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("refused")
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("ruler %d %d %d %f %f\n", summary.requests, total, failed,
    summary.duration / 1e6, latency:percentile(99) / 1e3))
end
