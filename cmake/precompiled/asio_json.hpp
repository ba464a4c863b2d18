#pragma once
#include "asio.hpp"
#include "json.hpp"
