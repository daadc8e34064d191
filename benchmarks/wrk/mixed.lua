-- A day's mixture, in equal parts: searches, towns, zones, nearest, boxes; with a pause after each answer if told so.
local here = debug.getinfo(1, "S").source:sub(2):match("(.*/)")
dofile(here .. "done.lua")
local pages = {}
for line in io.lines(os.getenv("BENCH_PAGES")) do pages[#pages + 1] = line end
local pause = tonumber(os.getenv("BENCH_DELAY_MS") or "0")
function init() math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000) end
function request()
  local kind = math.random(5)
  if kind <= 3 then return wrk.format("GET", pages[math.random(#pages)]) end
  local west, south = -120 + math.random() * 45, 29 + math.random() * 17
  if kind == 4 then return wrk.format("GET", string.format("/api/v1/nearest?lat=%.5f&lon=%.5f", south, west)) end
  return wrk.format("GET", string.format("/api/v1/collections/zones/items?bbox=%.4f,%.4f,%.4f,%.4f&limit=10", west, south, west + 2, south + 2))
end
if pause > 0 then
  function delay() return math.floor(pause * 2 * math.random() + 0.5) end
end
