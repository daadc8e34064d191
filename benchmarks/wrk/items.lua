-- Every time another box of two degrees in the contiguous United States.
local here = debug.getinfo(1, "S").source:sub(2):match("(.*/)")
dofile(here .. "done.lua")
local path = os.getenv("BENCH_PATH")
function init() math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000) end
function request()
  local west, south = -120 + math.random() * 45, 29 + math.random() * 17
  return wrk.format("GET", string.format("%s?bbox=%.4f,%.4f,%.4f,%.4f&limit=10", path, west, south, west + 2, south + 2))
end
