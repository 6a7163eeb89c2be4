#include "output/format.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "output/samples.hpp"

using namespace optexplore;
using namespace optexplore::os;
using namespace optexplore::output;
using samples::Sample;
using samples::written;

namespace {

/// A trajectory of a function that has no coordinate y.
Sample without_y() {
  Sample sample{samples::trajectories({"sgd"}),
                {samples::trajectory(samples::group(0, "sgd"), 0, {{0, 1, samples::nan, 3}})}};
  auto columns = std::make_shared<std::vector<Values>>(*sample.blocks[0].columns);
  (*columns)[3] = Values{};
  sample.blocks[0].columns = columns;
  return sample;
}

Sample labelled(const std::string& label, const std::vector<double>& row) {
  return {samples::trajectories({label}), {samples::trajectory(samples::group(0, label), 0, {row})}};
}

}  // namespace

TEST_CASE("csv quotes what RFC 4180 asks for and writes numbers that read back") {
  CHECK(written("csv", samples::two_trajectories()) ==
        "optimizer,step,x,y,f\n"
        "sgd,0,-7,2,0.1\n"
        "sgd,1,0.1,1e-08,1e+22\n"
        "sgd,2,0.5,-0.25,3\n"
        "\"a,\"\"b\"\"\né|\",0,-7,2,0.3333333333333333\n"
        "\"a,\"\"b\"\"\né|\",1,inf,-inf,nan\n");
  CHECK(written("csv", samples::results()) ==
        "optimizer,run,status,x_1,y\n"
        "sgd,1,max_steps,0.5,2\n"
        "sgd,2,diverged,-inf,1e+300\n"
        "sgd,3,max_steps,nan,12.25\n"
        "\"a\"\"b\",4,diverged,-1e-08,\n"
        "\"a\"\"b\",5,max_steps,7,\n");
}

TEST_CASE("tsv separates with tabs and needs no quotes for a comma") {
  CHECK(written("tsv", labelled("a,b", {0, 1.0 / 3, 2, 1234}), {.header = false, .precision = 2}) ==
        "a,b\t0\t0.33\t2\t1.2e+03\n");
  CHECK(written("tsv", labelled("a\tb", {0, 1, 2, 3}), {.header = false}) == "\"a\tb\"\t0\t1\t2\t3\n");
}

TEST_CASE("a coordinate that the function doesn't have") {
  CHECK(written("csv", without_y()) == "optimizer,step,x,y,f\nsgd,0,1,,3\n");
  CHECK(written("jsonl", without_y()) == "{\"optimizer\":\"sgd\",\"step\":0,\"x\":1,\"f\":3}\n");
  CHECK(written("gnuplot", without_y()) == "\"sgd\"\n0 1 NaN 3\n");
  CHECK(written("json", without_y())
            .find("\"columns\":[\"step\",\"x\",\"f\"],\n\"data\":{\n\"step\":[0],\n\"x\":[1],\n\"f\":[3]}}") !=
        std::string::npos);
}

TEST_CASE("jsonl is an object per row, with strings for infinities and null for NaN") {
  CHECK(written("jsonl", samples::two_trajectories(), {.precision = 3}) ==
        R"({"optimizer":"sgd","step":0,"x":-7,"y":2,"f":0.1}
{"optimizer":"sgd","step":1,"x":0.1,"y":1e-08,"f":1e+22}
{"optimizer":"sgd","step":2,"x":0.5,"y":-0.25,"f":3}
{"optimizer":"a,\"b\"\né|","step":0,"x":-7,"y":2,"f":0.333}
{"optimizer":"a,\"b\"\né|","step":1,"x":"inf","y":"-inf","f":null}
)");
  CHECK(written("jsonl", samples::results())
            .ends_with(R"({"optimizer":"a\"b","run":5,"status":"max_steps","x_1":7})"
                       "\n"));
}

TEST_CASE("json has a head for each trajectory, and its data column by column") {
  CHECK(written("json", samples::two_trajectories()) ==
        R"({"optexplore":"0.1.0",
"function":{"name":"f"},
"steps":2,
"trajectories":[
{"optimizer":"sgd","type":"sgd","hyperparameters":{"lr":0.95},"status":"max_steps","columns":["step","x","y","f"],
"data":{
"step":[0,1,2],
"x":[-7,0.1,0.5],
"y":[2,1e-08,-0.25],
"f":[0.1,1e+22,3]}},
{"optimizer":"a,\"b\"\né|","type":"sgd","hyperparameters":{"lr":0.95},"status":"diverged","columns":["step","x","y","f"],
"data":{
"step":[0,1],
"x":[-7,"inf"],
"y":[2,"-inf"],
"f":[0.3333333333333333,null]}}]}
)");
}

TEST_CASE("json of rows without groups is one set of columns") {
  CHECK(written("json", samples::results()) ==
        R"({"optexplore":"0.1.0",
"columns":["optimizer","run","status","x_1","y"],
"data":{
"optimizer":["sgd","sgd","sgd","a\"b","a\"b"],
"run":[1,2,3,4,5],
"status":["max_steps","diverged","max_steps","diverged","max_steps"],
"x_1":[0.5,"-inf",null,-1e-08,7],
"y":[2,1e+300,12.25,null,null]}}
)");
}

TEST_CASE("facts are numbers, whole numbers to the last digit, and texts") {
  Sample sample = labelled("sgd", {0, 1, 2, 3});
  auto group = samples::group(0, "sgd");
  group->facts = {{"seed", std::uint64_t{18446744073709551615U}},
                  {"lr", samples::nan},
                  {"hyperparameters", std::vector<Fact>{{"lr", "0.1 / t"}}}};
  sample.blocks[0].group = group;
  CHECK(written("json", sample)
            .find(R"({"seed":18446744073709551615,"lr":null,"hyperparameters":{"lr":"0.1 / t"},"status":)") !=
        std::string::npos);
}

TEST_CASE("labels that are not UTF-8 still give valid JSON") {
  CHECK(written("jsonl", labelled("\xff", {0, 1, 2, 3})).starts_with("{\"optimizer\":\"\xEF\xBF\xBD\""));
}

TEST_CASE("gnuplot has a titled block per trajectory, two blank lines apart") {
  CHECK(written("gnuplot", samples::two_trajectories()) ==
        "\"sgd\"\n"
        "0 -7 2 0.1\n"
        "1 0.1 1e-08 1e+22\n"
        "2 0.5 -0.25 3\n"
        "\n\n"
        "\"a,'b' é|\"\n"
        "0 -7 2 0.3333333333333333\n"
        "1 NaN NaN NaN\n");
}

TEST_CASE("gnuplot rows without groups have a comment with names, and labels that gnuplot can read") {
  CHECK(written("gnuplot", samples::results()) ==
        "# optimizer run status x_1 y\n"
        "\"sgd\" 1 \"max_steps\" 0.5 2\n"
        "\"sgd\" 2 \"diverged\" NaN 1e+300\n"
        "\"sgd\" 3 \"max_steps\" NaN 12.25\n"
        "\"a'b\" 4 \"diverged\" -1e-08 NaN\n"
        "\"a'b\" 5 \"max_steps\" 7 NaN\n");
}

TEST_CASE("a grid has lines in gnuplot, and is a matrix") {
  CHECK(written("gnuplot", samples::grid(), {.header = false}) == "0 0 1\n1 0 2\n\n0 5 3\n1 5 NaN\n\n0 9 5\n1 9 6\n\n");
  CHECK(written("matrix", samples::grid()) == "2 0 1\n0 1 2\n5 3 NaN\n9 5 6\n");
}

TEST_CASE("Markdown escapes what has a meaning there; numbers are at the right") {
  CHECK(written("md", samples::two_trajectories()) ==
        "| optimizer | step | x | y | f |\n"
        "| --- | ---: | ---: | ---: | ---: |\n"
        "| sgd | 0 | -7 | 2 | 0.1 |\n"
        "| sgd | 1 | 0.1 | 1e-08 | 1e+22 |\n"
        "| sgd | 2 | 0.5 | -0.25 | 3 |\n"
        "| a,\"b\" é\\| | 0 | -7 | 2 | 0.3333333333333333 |\n"
        "| a,\"b\" é\\| | 1 | inf | -inf | nan |\n");
  CHECK(written("md", samples::results(), {.precision = 2}) ==
        "| optimizer | run | status | x\\_1 | y |\n"
        "| --- | ---: | --- | ---: | ---: |\n"
        "| sgd | 1 | max\\_steps | 0.5 | 2 |\n"
        "| sgd | 2 | diverged | -inf | 1e+300 |\n"
        "| sgd | 3 | max\\_steps | nan | 12 |\n"
        "| a\"b | 4 | diverged | -1e-08 |  |\n"
        "| a\"b | 5 | max\\_steps | 7 |  |\n");
}

TEST_CASE("text is aligned by what is displayed") {
  CHECK(written("text", samples::two_trajectories()) ==
        "optimizer  step    x      y                   f\n"
        "sgd           0   -7      2                 0.1\n"
        "sgd           1  0.1  1e-08               1e+22\n"
        "sgd           2  0.5  -0.25                   3\n"
        "a,\"b\" é|      0   -7      2  0.3333333333333333\n"
        "a,\"b\" é|      1  inf   -inf                 nan\n");
  CHECK(written("text", samples::results(), {.header = false}) ==
        "sgd  1  max_steps     0.5       2\n"
        "sgd  2  diverged     -inf  1e+300\n"
        "sgd  3  max_steps     nan   12.25\n"
        "a\"b  4  diverged   -1e-08\n"
        "a\"b  5  max_steps       7\n");
}

TEST_CASE("a table without rows is still a document") {
  const Sample none{samples::trajectories({}), {}};
  CHECK(written("csv", none) == "optimizer,step,x,y,f\n");
  CHECK(written("jsonl", none).empty());
  CHECK(written("gnuplot", none).empty());
  CHECK(written("json", none).ends_with("\"trajectories\":[]}\n"));
  CHECK(written("text", none) == "optimizer  step  x  y  f\n");
  CHECK(written("md", none) == "| optimizer | step | x | y | f |\n| --- | ---: | ---: | ---: | ---: |\n");
  CHECK(written("json", {samples::results().schema, {}}).ends_with("\"x_1\":[],\n\"y\":[]}}\n"));
}

TEST_CASE("the bytes don't depend on how rows are cut into blocks, nor on how a block holds its values") {
  for (const Sample& sample : {samples::two_trajectories(), samples::results(), samples::grid()})
    for (const std::string& format : format_names(sample.schema.line != 0)) {
      CAPTURE(format);
      const std::string whole = written(format, sample);
      CHECK_FALSE(whole.empty());
      CHECK(written(format, {sample.schema, samples::flattened(sample.blocks)}) == whole);
      // A grid's blocks hold whole lines.
      for (const std::size_t rows :
           sample.schema.line == 0 ? std::vector<std::size_t>{1, 2, 7} : std::vector<std::size_t>{2, 4}) {
        CAPTURE(rows);
        CHECK(written(format, {sample.schema, samples::recut(sample.blocks, rows)}) == whole);
        CHECK(written(format, {sample.schema, samples::flattened(samples::recut(sample.blocks, rows))}) == whole);
      }
    }
}

TEST_CASE("a long text table waits outside memory, and is the same") {
  Sample sample = samples::results();
  std::string expected = written("text", sample, {.header = false});
  const std::size_t copies = 200'000;  // more than a spool holds
  samples::Blocks blocks;
  for (std::size_t i = 0; i < copies; ++i) blocks.insert(blocks.end(), sample.blocks.begin(), sample.blocks.end());
  sample.blocks = std::move(blocks);
  const std::string all = written("text", sample, {.header = false});
  REQUIRE(all.size() == copies * expected.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < copies; ++i)
    different += all.compare(i * expected.size(), expected.size(), expected) != 0;
  CHECK(different == 0);
}

TEST_CASE("the format follows the file's extension") {
  CHECK(format_of_extension("a/b.csv") == "csv");
  CHECK(format_of_extension("B.JSON") == "json");
  CHECK(format_of_extension("x.ndjson") == "jsonl");
  CHECK(format_of_extension("x.dat") == "gnuplot");
  CHECK(format_of_extension("x.md") == "md");
  CHECK(format_of_extension("x.txt") == "text");
  CHECK_FALSE(format_of_extension("json").has_value());
  CHECK_FALSE(format_of_extension("x.xyz").has_value());
}

TEST_CASE("an unknown format names the nearest one; a format says what it can't hold") {
  const Schema rows = samples::results().schema;
  CHECK_THROWS_WITH_AS(make_writer("jsno", rows),
                       "unknown format 'jsno'; expected one of csv, tsv, json, jsonl, gnuplot, npy, md, text; "
                       "did you mean 'json'?",
                       InputError);
  CHECK_THROWS_WITH_AS(
      make_writer("matrix", rows),
      "the format 'matrix' is for grids; expected one of csv, tsv, json, jsonl, gnuplot, npy, md, text", InputError);
  Schema grid = samples::grid().schema;
  grid.columns.push_back({"g"});
  CHECK_THROWS_WITH_AS(make_writer("matrix", grid),
                       "a matrix holds one value per point, found 2 columns; choose one with --columns", InputError);
}
