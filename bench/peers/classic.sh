#!/bin/sh
# One receive, one verdict, by libnetfilter_queue; or by hand where it could not be compiled.
[ ! -x "$BENCH_BUILD/classic" ] || exec "$BENCH_BUILD/classic" "$1"
exec "$BENCH_BUILD/limit" "$1" single
