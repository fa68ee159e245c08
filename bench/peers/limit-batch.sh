#!/bin/sh
# recvmmsg of 64, then one VERDICT_BATCH; looks at nothing but the packet's id.
exec "$BENCH_BUILD/limit" "$1" batch
