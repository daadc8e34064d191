-- Every time another place in the contiguous United States.
local here = debug.getinfo(1, "S").source:sub(2):match("(.*/)")
dofile(here .. "done.lua")
local path = os.getenv("BENCH_PATH")
function init() math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000) end
function request()
  return wrk.format("GET", string.format("%s?lat=%.5f&lon=%.5f", path, 25 + math.random() * 24, -124 + math.random() * 57))
end
