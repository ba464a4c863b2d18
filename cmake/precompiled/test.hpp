#pragma once
// For tests.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <random>
#include <set>

#include "json.hpp"
