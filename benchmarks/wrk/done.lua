-- What every script tells at its end; benchmarks/machines.py reads it.
function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("per_second=%.1f\np50=%d\np95=%d\np99=%d\nfailed=%d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(95), latency:percentile(99), failed))
end
