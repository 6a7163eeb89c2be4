#include "os/spool.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace optexplore::os;

TEST_CASE("a spool gives back each column in order, whether it stayed in memory or not") {
  for (const std::size_t limit : {std::size_t{0}, std::size_t{4000}, std::size_t{1} << 30}) {
    CAPTURE(limit);
    Spool spool(3, limit);
    for (int round = 0; round < 2; ++round) {
      spool.reset(3);
      CHECK(spool.empty(1));
      std::vector<std::string> expected(3);
      for (int i = 0; i < 2000; ++i) {
        const auto column = static_cast<std::size_t>(i % 2);  // column 2 stays empty
        const std::string text = std::to_string(i * i) + ",";
        spool.append(column, text);
        expected[column] += text;
      }
      for (std::size_t column = 0; column < 3; ++column) {
        StringSink sink;
        spool.copy_to(column, sink);
        CHECK(sink.text == expected[column]);
        CHECK(spool.empty(column) == expected[column].empty());
      }
    }
  }
}

TEST_CASE("a text larger than the limit and than the copy buffer survives") {
  Spool spool(1, 1000);
  std::string large(1'000'000, 'x');
  large += "end";
  spool.append(0, large);
  spool.append(0, "tail");
  StringSink sink;
  spool.copy_to(0, sink);
  CHECK(sink.text == large + "tail");
}
