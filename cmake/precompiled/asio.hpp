#pragma once
// Asio's headers are most of the compile time of a unit that uses them.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include "std.hpp"
