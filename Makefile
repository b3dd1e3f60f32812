# Every target is also a plain command, listed in the README.
# `make serve PORT=9000 HOST=0.0.0.0 WORKERS=4` passes on what is given, nothing else.
option = $(if $(filter command,$(firstword $(origin $(1)))),--$(2) '$($(1))')
python = sh deploy/venv.sh requirements-dev.txt && exec .venv/bin/python

# Flask would otherwise suggest another reader for the .env file that we read ourselves.
export FLASK_SKIP_DOTENV = 1

.PHONY: serve test test-long lint bench vendor screenshots

serve:
	@sh deploy/venv.sh requirements.txt && exec .venv/bin/python -m flask serve \
	  $(call option,HOST,host) $(call option,PORT,port) $(call option,WORKERS,workers)

test:
	@$(python) -m tests

test-long:
	@CLIENTFLOW_TEST_LONG=yes; export CLIENTFLOW_TEST_LONG; $(python) -m tests

lint:
	@$(python) -m tests --lint

bench:
	@$(python) -m bench

vendor:
	@$(python) -m flask vendor fetch

screenshots:
	@$(python) -m bench.screenshots
