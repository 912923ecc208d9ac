# What every script shares; sourced, not run. Leaves the working directory at the root of the repository.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export TOKENSCOPE_TOOLS="${TOKENSCOPE_TOOLS:-$HOME/.cache/tokenscope/tools}"
export PATH="$TOKENSCOPE_TOOLS/bin:$HOME/.cargo/bin:$PATH"

# Panic locations would put this machine's paths into the wasm modules; without them the same sources give the same bytes.
# The compact SHA-2 is a third of the size, and hashes here are of tokens, not of disks.
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS+=" --remap-path-prefix=$PWD=/tokenscope"
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS+=" --cfg=sha2_backend_soft=\"compact\""
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }
