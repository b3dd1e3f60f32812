#!/bin/sh
# Makes .venv hold what the named requirements file pins; does nothing when it already does.
#
#   sh deploy/venv.sh requirements.txt
#
# A copy of every installed requirements file is kept inside .venv. It is taken away before an
# install begins, so an interrupted install leaves a .venv without one, which the next run
# throws away and makes anew. requirements-dev.txt holds everything requirements.txt does.
set -eu
cd "$(dirname "$0")/.."
wanted=$1
python=${PYTHON:-python3}

refuse() {
    echo "$1" >&2
    exit 1
}

python_is_new_enough() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python_can_make_environments() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null
}

install_venv_package() {
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        refuse "This Python cannot make virtual environments: install $package (for example with \`sudo apt-get install $package\`) and try again."
    fi
    echo "Installing $package …" >&2
    export DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$package"; } >/dev/null </dev/null ||
        refuse "$package could not be installed: see the lines above, then try again."
}

make_environment() {
    python_is_new_enough ||
        refuse "Clientflow needs Python 3.11 or newer, and \`$python\` is not: install one and name it, for example \`make serve PYTHON=python3.12\`."
    python_can_make_environments || install_venv_package
    "$python" -m venv --clear .venv || refuse "The folder .venv could not be made: see the lines above."
}

if cmp -s "$wanted" ".venv/$wanted" && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

if [ ! -e .venv/requirements.txt ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    make_environment
fi
rm -f .venv/requirements.txt .venv/requirements-dev.txt
echo "Installing what $wanted pins into .venv …" >&2
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$wanted" >&2 </dev/null ||
    refuse "The dependencies could not be installed: see the lines above, then run the command again."
if [ "$wanted" != requirements.txt ]; then
    cp "$wanted" .venv/
fi
cp requirements.txt .venv/
