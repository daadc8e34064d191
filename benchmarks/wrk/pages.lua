-- The pages of a list of searches, one after the other at random.
local here = debug.getinfo(1, "S").source:sub(2):match("(.*/)")
dofile(here .. "done.lua")
local searches = {}
for line in io.lines(os.getenv("BENCH_SEARCHES")) do searches[#searches + 1] = line end
function init() math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 100000) end
function request()
  return wrk.format("GET", "/search?q=" .. searches[math.random(#searches)])
end
