-- Counts answers that are not exactly the expected bytes, and prints what the ruler reads.
local file = assert(io.open(os.getenv("BENCH_EXPECTED"), "rb"))
local expected = file:read("*a")
file:close()

wrong = 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function response(status, headers, body)
  if status ~= 200 or body ~= expected then
    wrong = wrong + 1
  end
end

function done(summary, latency, requests)
  local total = 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("wrong")
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("ruler %d %d %d %f\n", summary.requests, total, failed,
    summary.duration / 1e6))
end
