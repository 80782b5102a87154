-- wrk script: every event is sent REPEAT times in a row, so that as many connections hand in the same at once. The last
-- line says how many different events there were. KEY and RUN as in post_events.lua.
local times = tonumber(os.getenv("REPEAT") or "64")
local run = os.getenv("RUN") or tostring(os.time())
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  n = 0
  headers = { ["Authorization"] = "Bearer " .. (os.getenv("KEY") or ""), ["Content-Type"] = "application/json" }
end

function request()
  local number = math.floor(n / times)
  n = n + 1
  return wrk.format("POST", "/events", headers, string.format(
    '{"type":"ObjectEvent","eventID":"urn:uuid:%s-%d","action":"OBSERVE","eventTime":"2026-05-01T08:00:%02d.000Z",' ..
    '"eventTimeZoneOffset":"+08:00","bizStep":"shipping","epcList":["https://id.gs1.org/01/09506000134352/21/%d"],' ..
    '"readPoint":{"id":"https://id.gs1.org/414/9521141123454"}}', run, number, number % 60, number % 5000))
end

function done(summary, latency, requests)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %.3f %.3f %.3f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors))
end
