#!/bin/sh
# recvmmsg of 64, then 64 packed verdicts in one send; looks at nothing but the packet's id.
exec "$BENCH_BUILD/limit" "$1" packed
