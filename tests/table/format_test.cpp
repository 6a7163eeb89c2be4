#include "table/format.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "table/samples.hpp"

using namespace optexplore;
using namespace optexplore::os;
using namespace optexplore::table;
using samples::written;

namespace {

const Experiment two = samples::experiment({"sgd", samples::awkward_label});

Document document(FormatOptions options = {}) { return {&two, samples::columns(), options}; }

/// A trajectory of a function that has no coordinate y.
std::vector<RowBlock> without_y() {
  TrajectoryInfo info = samples::info(0, "sgd");
  info.present = {true, true, true, false, true};
  return samples::trajectory(info, {{0, 1, samples::nan, 3}});
}

}  // namespace

TEST_CASE("csv quotes what RFC 4180 asks for and writes numbers that read back") {
  CHECK(written("csv", document(), samples::two_trajectories()) ==
        "optimizer,step,x,y,f\n"
        "sgd,0,-7,2,0.1\n"
        "sgd,1,0.1,1e-08,1e+22\n"
        "sgd,2,0.5,-0.25,3\n"
        "\"a,\"\"b\"\"\né\",0,-7,2,0.3333333333333333\n"
        "\"a,\"\"b\"\"\né\",1,inf,-inf,nan\n");
}

TEST_CASE("tsv separates with tabs and needs no quotes for a comma") {
  Document made = document({.header = false, .precision = 2});
  CHECK(written("tsv", made, samples::trajectory(samples::info(0, "a,b"), {{0, 1.0 / 3, 2, 1234}})) ==
        "a,b\t0\t0.33\t2\t1.2e+03\n");
  CHECK(written("tsv", made, samples::trajectory(samples::info(0, "a\tb"), {{0, 1, 2, 3}})) ==
        "\"a\tb\"\t0\t1\t2\t3\n");
}

TEST_CASE("text columns may stand anywhere") {
  using Kind = ColumnInfo::Kind;
  Document made{&two, {{"x", Kind::number}, {"function", Kind::function}, {"optimizer", Kind::optimizer}}, {}};
  TrajectoryInfo info = samples::info(0, "sgd");
  info.present = {true, true, true};
  const auto blocks = samples::trajectory(info, {{0.5}, {1}});
  CHECK(written("csv", made, blocks) == "x,function,optimizer\n0.5,f,sgd\n1,f,sgd\n");
  CHECK(written("jsonl", made, blocks) ==
        "{\"x\":0.5,\"function\":\"f\",\"optimizer\":\"sgd\"}\n"
        "{\"x\":1,\"function\":\"f\",\"optimizer\":\"sgd\"}\n");
}

TEST_CASE("a coordinate that the function doesn't have") {
  CHECK(written("csv", document(), without_y()) == "optimizer,step,x,y,f\nsgd,0,1,,3\n");
  CHECK(written("jsonl", document(), without_y()) == "{\"optimizer\":\"sgd\",\"step\":0,\"x\":1,\"f\":3}\n");
  CHECK(written("gnuplot", document(), without_y()) == "\"sgd\"\n0 1 NaN 3\n");
  const std::string json = written("json", document(), without_y());
  CHECK(json.find("\"columns\":[\"step\",\"x\",\"f\"],\n\"data\":{\n\"step\":[0],\n\"x\":[1],"
                  "\n\"f\":[3]}}") != std::string::npos);
}

TEST_CASE("jsonl is an object per row, with null for what is not finite") {
  CHECK(written("jsonl", document({.precision = 3}), samples::two_trajectories()) ==
        R"({"optimizer":"sgd","step":0,"x":-7,"y":2,"f":0.1}
{"optimizer":"sgd","step":1,"x":0.1,"y":1e-08,"f":1e+22}
{"optimizer":"sgd","step":2,"x":0.5,"y":-0.25,"f":3}
{"optimizer":"a,\"b\"\né","step":0,"x":-7,"y":2,"f":0.333}
{"optimizer":"a,\"b\"\né","step":1,"x":null,"y":null,"f":null}
)");
}

TEST_CASE("json is one document, column by column") {
  CHECK(written("json", document(), samples::two_trajectories()) ==
        R"({"optexplore":"0.1.0",
"function":{"name":"f","definition":"f(x,y) = x²/20 + y²","dim":2},
"steps":2,
"trajectories":[
{"optimizer":"sgd","type":"sgd","hyperparameters":{"lr":0.95},"status":"max_steps","columns":["step","x","y","f"],
"data":{
"step":[0,1,2],
"x":[-7,0.1,0.5],
"y":[2,1e-08,-0.25],
"f":[0.1,1e+22,3]}},
{"optimizer":"a,\"b\"\né","type":"sgd","hyperparameters":{"lr":0.95},"status":"diverged","columns":["step","x","y","f"],
"data":{
"step":[0,1],
"x":[-7,null],
"y":[2,null],
"f":[0.3333333333333333,null]}}]}
)");
}

TEST_CASE("json names the function, the run and the seed where there are several") {
  using Kind = ColumnInfo::Kind;
  Experiment several = samples::experiment({"sgd"});
  several.functions.push_back(several.functions.front());
  several.functions.back().entry.params = {{"a", 1.0}, {"b", std::vector<double>{1, 2}}};
  several.seeds = 2;
  const Document made{&several, {{"run", Kind::integer}, {"function", Kind::function}, {"x", Kind::number}}, {}};
  TrajectoryInfo info = samples::info(0, "sgd");
  info.present = {true, true, true};
  info.seed = 18446744073709551615U;
  info.hyperparameters = {{"lr", "0.1 / t"}};
  const std::string json = written("json", made, samples::trajectory(info, {{1, 5}}));
  CHECK(json.find("\"functions\":[\n{\"name\":\"f\",") != std::string::npos);
  CHECK(json.find("\"params\":{\"a\":1,\"b\":[1,2]}") != std::string::npos);
  CHECK(json.find(R"({"optimizer":"sgd","type":"sgd","function":"f","run":1,"seed":18446744073709551615,)"
                  R"("hyperparameters":{"lr":"0.1 / t"},"status":"max_steps","columns":["x"],)") != std::string::npos);
}

TEST_CASE("labels that are not UTF-8 still give valid JSON") {
  CHECK(written("jsonl", document(), samples::trajectory(samples::info(0, "\xff"), {{0, 1, 2, 3}}))
            .starts_with("{\"optimizer\":\"\xEF\xBF\xBD\""));
}

TEST_CASE("gnuplot has a labelled block per trajectory, two blank lines apart") {
  CHECK(written("gnuplot", document(), samples::two_trajectories()) ==
        "\"sgd\"\n"
        "0 -7 2 0.1\n"
        "1 0.1 1e-08 1e+22\n"
        "2 0.5 -0.25 3\n"
        "\n\n"
        "\"a,'b' é\"\n"
        "0 -7 2 0.3333333333333333\n"
        "1 NaN NaN NaN\n");
}

TEST_CASE("gnuplot labels say which run it is; the run is no column unless asked for") {
  Experiment several = samples::experiment({"sgd"});
  several.start.kind = StartSpec::Kind::points;
  several.start.points = {{1, 2}, {3, 4}};
  Document made{&several, {{"run", ColumnInfo::Kind::integer}, {"x", ColumnInfo::Kind::number}}, {}};
  TrajectoryInfo info = samples::info(0, "sgd");
  info.present = {true, true};
  const auto blocks = samples::trajectory(info, {{1, 5}});
  CHECK(written("gnuplot", made, blocks) == "\"sgd, run 1\"\n5\n");
  made.columns_chosen = true;
  CHECK(written("gnuplot", made, blocks) == "\"sgd, run 1\"\n1 5\n");
}

TEST_CASE("an empty stream is still a document") {
  CHECK(written("csv", document(), {}) == "optimizer,step,x,y,f\n");
  CHECK(written("jsonl", document(), {}).empty());
  CHECK(written("gnuplot", document(), {}).empty());
  CHECK(written("json", document(), {}).ends_with("\"trajectories\":[]}\n"));
}

TEST_CASE("the format follows the file's extension") {
  CHECK(format_of_extension("a/b.csv") == "csv");
  CHECK(format_of_extension("B.JSON") == "json");
  CHECK(format_of_extension("x.ndjson") == "jsonl");
  CHECK(format_of_extension("x.dat") == "gnuplot");
  CHECK_FALSE(format_of_extension("json").has_value());
  CHECK_FALSE(format_of_extension("x.txt").has_value());
}

TEST_CASE("an unknown format names the nearest one") {
  CHECK_THROWS_WITH_AS(make_format("jsno", document()),
                       "unknown format 'jsno'; expected one of csv, tsv, json, jsonl, gnuplot, npy; "
                       "did you mean 'json'?",
                       InputError);
}
