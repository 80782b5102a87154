-- wrk script: every request is new. KEY comes from the environment, RUN makes the ids of this run its own; BATCH, when
-- it is set, is how many records go in one request.
local batch = tonumber(os.getenv("BATCH") or "0")
local run = os.getenv("RUN") or tostring(os.time())
local thread_count = 0

function setup(thread)
  thread:set("id", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  n = 0
  headers = { ["Authorization"] = "Bearer " .. (os.getenv("KEY") or "") }
  headers["Content-Type"] = batch > 0 and "application/x-ndjson" or "application/json"
end

local function event(id, number)
  return string.format('{"type":"ObjectEvent","eventID":"%s","action":"OBSERVE","eventTime":"2026-05-01T08:00:%02d.000Z",' ..
    '"eventTimeZoneOffset":"+08:00","bizStep":"shipping","epcList":["https://id.gs1.org/01/09506000134352/21/%d"],' ..
    '"readPoint":{"id":"https://id.gs1.org/414/9521141123454"}}', id, number % 60, number % 5000)
end

local function leg(number)
  return string.format('{"kind":"transport_leg","version":1,"id":"%s-%d-%d","occurred_at":"2026-05-01T08:00:%02d+08:00",' ..
    '"consignment":"WB%d","carrier":"carrier","origin":"Shanghai","destination":"Nanjing",' ..
    '"product":"https://id.gs1.org/01/09506000134352","quantity":1,"mass_g":12500,"distance_m":302000,' ..
    '"distance_basis":"sfd","mode":"road","vehicle":"road.hgv.artic-over-33t.diesel.avg","route":"R%d"}',
    run, id, number, number % 60, number, number % 300)
end

function request()
  n = n + 1
  if batch == 0 then
    return wrk.format("POST", "/events", headers, event(string.format("urn:uuid:%s-%d-%d", run, id, n), n))
  end
  local lines = {}
  for number = 1, batch do lines[number] = leg(n * batch + number) end
  return wrk.format("POST", "/api/v1/records", headers, table.concat(lines, "\n"))
end

function done(summary, latency, requests)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %.3f %.3f %.3f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors))
end
