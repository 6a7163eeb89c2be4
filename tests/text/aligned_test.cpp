#include "text/aligned.hpp"

#include <doctest/doctest.h>

using namespace optexplore::text;

TEST_CASE("columns are as wide as the widest text, at least as asked; no blanks at the end of a line") {
  const AlignedTable table{{{"name"}, {"ERT", true, 6}, {"note"}}, {{"sgd", "12", "x"}, {"adämw", "∞", ""}}};
  CHECK(aligned(table) ==
        "name      ERT  note\n"
        "sgd        12  x\n"
        "adämw       ∞\n");
  CHECK(aligned({{{"a"}, {"b"}}, {}}) == "a  b\n");
}

TEST_CASE("Markdown") {
  CHECK(markdown({{{"a|b"}, {"n", true}}, {{"x_1\n*`<\\", "3"}}}) ==
        "| a\\|b | n |\n"
        "| --- | ---: |\n"
        "| x\\_1 \\*\\`\\<\\\\ | 3 |\n");
}
