#pragma once
// For tests of rooms that use Asio.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include "test.hpp"
