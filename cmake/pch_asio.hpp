#pragma once
// Precompiled for rooms that use Asio: its headers are most of a unit's compile time.
#include "pch_std.hpp"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
