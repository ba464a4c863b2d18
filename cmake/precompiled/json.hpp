#pragma once
// For rooms that read or write JSON.
#include <boost/json.hpp>

#include "std.hpp"
