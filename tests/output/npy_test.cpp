#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "output/npy_header.hpp"
#include "output/samples.hpp"

using namespace optexplore;
using namespace optexplore::os;
using namespace optexplore::output;

namespace {

template <class Value>
Value read(const std::string& bytes, std::size_t offset) {
  Value value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

TEST_CASE("npy is a header of a multiple of 64 bytes and fixed-width records") {
  const std::string bytes = samples::written("npy", samples::two_trajectories());
  CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t header = 10 + read<std::uint16_t>(bytes, 8);
  CHECK(header % 64 == 0);
  const std::string expected =
      "{'descr': [('optimizer', '<U8'), ('step', '<i8'), ('x', '<f8'), ('y', '<f8'), ('f', "
      "'<f8')], "
      "'fortran_order': False, 'shape': (5,), }";
  CHECK(bytes.substr(10, expected.size()) == expected);
  CHECK(bytes[header - 1] == '\n');

  const std::size_t record = 8 * 4 + 4 * 8;
  REQUIRE(bytes.size() == header + 5 * record);
  CHECK(read<char32_t>(bytes, header) == U's');
  CHECK(read<std::uint64_t>(bytes, header + 3 * 4) == 0);  // padding after "sgd"
  CHECK(read<std::int64_t>(bytes, header + record + 32) == 1);
  CHECK(read<double>(bytes, header + record + 40) == 0.1);
  const std::size_t last = header + 4 * record;
  CHECK(read<char32_t>(bytes, last + 6 * 4) == U'é');
  CHECK(read<double>(bytes, last + 40) == samples::inf);
  CHECK(read<std::uint64_t>(bytes, last + 56) == 0x7FF8000000000000);  // never -nan
}

TEST_CASE("npy of rows without groups: texts that change, and what a block lacks") {
  const std::string bytes = samples::written("npy", samples::results());
  const std::size_t header = 10 + read<std::uint16_t>(bytes, 8);
  CHECK(bytes.find("[('optimizer', '<U3'), ('run', '<i8'), ('status', '<U9'), ('x_1', '<f8'), ('y', '<f8')]") !=
        std::string::npos);
  const std::size_t record = 3 * 4 + 8 + 9 * 4 + 2 * 8;
  REQUIRE(bytes.size() == header + 5 * record);
  const std::size_t third = header + 2 * record, fourth = header + 3 * record;
  CHECK(read<std::int64_t>(bytes, third + 12) == 3);
  CHECK(read<char32_t>(bytes, third + 20 + 8 * 4) == U's');
  CHECK(read<char32_t>(bytes, fourth + 4) == U'"');
  CHECK(read<char32_t>(bytes, fourth + 20 + 8 * 4) == 0);
  CHECK(read<double>(bytes, third + 64) == 12.25);
  CHECK(read<std::uint64_t>(bytes, fourth + 64) == 0x7FF8000000000000);
}

TEST_CASE("npy of a grid has its shape") {
  CHECK(samples::written("npy", samples::grid()).find("'shape': (3, 2), }") != std::string::npos);
}

TEST_CASE("a name that is not ASCII needs version 3 of the header") {
  CHECK(npy_header({{"x", "<f8"}}, {1})[6] == 1);
  CHECK(npy_header({{"β", "<f8"}}, {1})[6] == 3);
  const std::string large = npy_header(std::vector<NpyField>(5000, {"x1", "<f8"}), {1});
  CHECK(large[6] == 2);
  CHECK(12 + read<std::uint32_t>(large, 8) == large.size());
  CHECK(npy_header({{"it's", "<f8"}}, {1}).find(R"('it\'s')") != std::string::npos);
}
