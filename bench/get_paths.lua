-- wrk script: asks for the paths in the file PATHS in turn, as a program does that names no one.
function init(args)
  paths = {}
  for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
  n = 0
end

function request()
  n = n + 1
  return wrk.format("GET", paths[n % #paths + 1], { ["Accept"] = "*/*" })
end

function done(summary, latency, requests)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %.3f %.3f %.3f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors))
end
