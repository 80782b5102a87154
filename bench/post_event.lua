-- wrk script: every request is a new event with its own id; KEY comes from the environment.
local thread_count = 0
function setup(thread) thread:set("id", thread_count); thread_count = thread_count + 1 end
function init(args)
  n = 0
  run = os.getenv("RUN") or tostring(os.time())
  headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. (os.getenv("KEY") or "") }
end
function request()
  n = n + 1
  local body = string.format('{"type":"ObjectEvent","eventID":"urn:uuid:%s-%d-%d","action":"OBSERVE",' ..
    '"eventTime":"2026-05-01T08:00:%02d.000Z","eventTimeZoneOffset":"+08:00","bizStep":"shipping",' ..
    '"epcList":["https://id.gs1.org/01/09506000134352/21/%d"],"readPoint":{"id":"https://id.gs1.org/414/9521141123454"}}',
    run, id, n, n % 60, n % 5000)
  return wrk.format("POST", "/events", headers, body)
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %.0f req/s p50 %.2f ms p99 %.2f ms errors %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
