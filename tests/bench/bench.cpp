// Measures the tool against limits taken in the same process on the same machine; prints a Markdown table.
// Usage: optexplore_bench PATH_OF_OPTEXPLORE PATH_OF_NUMPY_LANES

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <numeric>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "backend/product.hpp"
#include "blocked.hpp"
#include "drive/driver.hpp"
#include "experiment/request.hpp"
#include "fused.hpp"
#include "study/study.hpp"
#include "text/number.hpp"

namespace {

using namespace optexplore;

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The best of several runs: the one that the machine disturbed least.
double best(int runs, const std::function<void()>& work) {
  double least = HUGE_VAL;
  for (int i = 0; i < runs; ++i) least = std::min(least, seconds(work));
  return least;
}

struct Child {
  double seconds = 0;
  double megabytes = 0;
};

/// Runs a command with standard output to /dev/null.
Child spawn(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));  // NOLINT: exec's type
  argv.push_back(nullptr);
  Child child;
  rusage usage{};
  child.seconds = seconds([&] {
    const pid_t pid = fork();
    if (pid == 0) {
      dup2(open("/dev/null", O_WRONLY), 1);
      execv(argv[0], argv.data());
      _exit(127);
    }
    int status = 0;
    wait4(pid, &status, 0, &usage);
    if (status != 0) fmt::print(stderr, "the command failed: {}\n", fmt::join(words, " "));
  });
  child.megabytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return child;
}

const std::string rosenbrock = "f(x,y) = 100*(y - x^2)^2 + (1 - x)^2";
const std::vector<std::string> rules = {"sgd:lr=0.001", "momentum:lr=0.0005", "rmsprop:lr=0.001", "adam:lr=0.001"};

std::vector<std::string> command(const std::string& tool, const std::vector<std::string>& optimizers, std::size_t steps,
                                 const std::vector<std::string>& more) {
  std::vector<std::string> words = {tool, "run", "-f", rosenbrock, "--start=-1.2,1", "-n", std::to_string(steps)};
  for (const std::string& rule : optimizers) words.insert(words.end(), {"-O", rule});
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The time to turn the very numbers of the four runs into text on one core, and nothing else.
double formatting_limit(std::size_t steps) {
  experiment::Overrides overrides;
  overrides.functions = {rosenbrock};
  overrides.starts = {"-1.2,1"};
  overrides.steps = std::to_string(steps);
  overrides.optimizers = rules;
  RunStream stream(experiment::read_request("", "bench", overrides).experiment, {});
  std::vector<double> values;
  while (auto block = stream.next()) values.insert(values.end(), block->numbers.begin(), block->numbers.end());
  const text::NumberStyle style;
  std::array<char, 64> text{};
  std::size_t bytes = 0;
  const double time = best(3, [&] {
    for (std::size_t i = 0; i < values.size(); ++i) {
      char* end = i % 5 == 0 ? text::write_integer(text.data(), values[i], style)
                             : text::write_number(text.data(), values[i], style);
      bytes += static_cast<std::size_t>(end - text.data());
    }
  });
  if (bytes == 0) fmt::print(stderr, "nothing was formatted\n");
  return time;
}

void csv_speed(const std::string& tool) {
  constexpr std::size_t steps = 500'000;
  const double rows = 4.0 * (steps + 1);
  const double limit = formatting_limit(steps);
  const auto time = [&](const char* jobs) {
    return best(3, [&] { spawn(command(tool, rules, steps, {"-j", jobs})); });
  };
  const double one = time("1");
  const double two = time("2");
  fmt::print("| CSV of 4 rules, 1 thread | {:.3g} rows/s | {:.2f} of one core's formatting limit |\n", rows / one,
             limit / one);
  fmt::print("| CSV of 4 rules, 2 threads | {:.3g} rows/s | {:.2f} of one core's formatting limit (goal 0.8) |\n",
             rows / two, limit / two);
  fmt::print("| formatting the same doubles alone | {:.3g} rows/s | 1 |\n", rows / limit);
}

void silent_speed(const std::string& tool) {
  constexpr std::size_t steps = 5'000'000;
  for (const std::string& rule : rules) {
    const double time = best(2, [&] { spawn(command(tool, {rule}, steps, {"--every", "1000000"})); });
    fmt::print("| steps without output, {} | {:.3g} steps/s | |\n", rule.substr(0, rule.find(':')), steps / time);
  }
}

// Few enough steps that no lane converges: at the minimum the moments would become subnormal numbers, and both
// sides would measure how slow those are.
constexpr std::size_t lanes = 192;
constexpr std::size_t lane_steps = 2000;

/// A study of 192 runs from starts beside one another.
std::unique_ptr<study::Study> make_study(const std::string& optimizer, std::size_t steps) {
  experiment::Overrides overrides;
  overrides.functions = {rosenbrock};
  overrides.starts = {"-1.2,1"};
  overrides.steps = std::to_string(steps);
  overrides.optimizers = {optimizer};
  Experiment experiment = experiment::read_request("", "bench", overrides).experiment;
  experiment.start.points.clear();
  for (std::size_t l = 0; l < lanes; ++l) experiment.start.points.push_back({-1.2, 1 + 0.001 * static_cast<double>(l)});
  return std::make_unique<study::Study>(experiment, study::Wanted{});
}

/// Seconds for the steps of all runs as one block.
double block_seconds(const study::Study& study, int repetitions) {
  std::vector<std::uint64_t> runs(lanes);
  std::iota(runs.begin(), runs.end(), std::uint64_t{0});
  return best(repetitions, [&] {
    drive::Driver driver(study.plan(0), runs, 0);
    while (driver.next() != nullptr) {
    }
  });
}

double fused_lanes() {
  return best(10, [&] {
    std::vector<double> memory(7 * lanes, 0.0);
    const bench::Lanes soa{&memory[0],         &memory[lanes],     &memory[2 * lanes], &memory[3 * lanes],
                           &memory[4 * lanes], &memory[5 * lanes], &memory[6 * lanes], lanes};
    for (std::size_t l = 0; l < lanes; ++l) {
      soa.x[l] = -1.2;
      soa.y[l] = 1 + 0.001 * static_cast<double>(l);
    }
    for (std::size_t t = 1; t <= lane_steps; ++t)
      bench::fused_adam_rosenbrock(soa, 0.001, 1 - std::pow(0.9, static_cast<double>(t)),
                                   1 - std::pow(0.999, static_cast<double>(t)));
  });
}

void lane_speed() {
  const auto study = make_study("adam:lr=0.001", lane_steps);
  const double working_set = static_cast<double>(study->plan(0).executable->program().lane_rows * lanes * 8) / 1024;
  const double ours = block_seconds(*study, 10);
  const double fused = fused_lanes();
  const auto work = static_cast<double>(lanes * lane_steps);
  fmt::print(
      "| Adam on Rosenbrock, block of 192 lanes | {:.3g} lane-steps/s | {:.2f} of the hand-fused loop (goal 0.3) |\n",
      work / ours, fused / ours);
  fmt::print("| hand-fused loop, AVX2 | {:.3g} lane-steps/s | 1 |\n", work / fused);
  fmt::print("| working set of that block | {:.1f} kB | |\n", working_set);
}

/// What `numpy_lanes.py` prints: lane-steps/s of vectorised NumPy, all runs in one array and in the best size.
std::array<double, 2> numpy_lanes(const std::string& script) {
  std::array<double, 2> speed{};
  FILE* const pipe = popen(("python3 '" + script + "' 2>/dev/null || /usr/bin/python3 '" + script + "'").c_str(), "r");
  if (pipe == nullptr || std::fscanf(pipe, "%lf %lf", &speed[0], &speed[1]) != 2) speed = {};
  if (pipe != nullptr) pclose(pipe);
  return speed;
}

/// Whole sweeps: reading, starting, stepping, compacting, formatting.
void sweep_speed(const std::string& tool, const std::string& numpy_script) {
  const auto sweep = [&](std::size_t runs, std::size_t steps, const char* jobs) {
    return spawn({tool, "sweep", "-f", "rosenbrock", "--start", "{\"domain\":" + std::to_string(runs) + "}", "-n",
                  std::to_string(steps), "-O", "adam:lr=0.001", "-j", jobs, "--columns",
                  "run,f_final,f_best,step_best"});
  };
  constexpr std::size_t runs = 200'000, steps = 1000;
  const auto work = static_cast<double>(runs * steps);
  const double one = best(3, [&] { sweep(runs, steps, "1"); });
  const double two = best(3, [&] { sweep(runs, steps, "2"); });
  const std::array<double, 2> numpy = numpy_lanes(numpy_script);
  fmt::print("| sweep, Adam on Rosenbrock, 1 thread | {:.3g} lane-steps/s | goal 1.2e8 |\n", work / one);
  fmt::print("| sweep, 2 threads | {:.3g} lane-steps/s | {:.2f} times 1 thread (goal 1.7) |\n", work / two, one / two);
  if (numpy[0] > 0) {
    fmt::print(
        "| the same in vectorised NumPy, all runs in one array | {:.3g} lane-steps/s | sweep: {:.1f} times (goal 4) "
        "|\n",
        numpy[0], work / one / numpy[0]);
    fmt::print(
        "| the same in vectorised NumPy, arrays of the best size | {:.3g} lane-steps/s | sweep: {:.1f} times |\n",
        numpy[1], work / one / numpy[1]);
  }
  fmt::print("| peak memory, sweep of 10⁶ runs × 100 steps | {:.1f} MB | goal 200 MB |\n",
             sweep(1'000'000, 100, "2").megabytes);
}

/// Rough cost of an operation in additions of vectorised code: its throughput, not its latency.
double cost(language::Op op) {
  using language::Op;
  switch (op) {
    case Op::div:
    case Op::sqrt: return 4;
    case Op::pow: return 60;
    case Op::exp:
    case Op::log:
    case Op::sin:
    case Op::cos:
    case Op::cbrt:
    case Op::atan2:
    case Op::tanh: return 25;
    case Op::random: return 150;  // ten rounds of Philox and, for a normal number, a logarithm and a cosine
    default: return 1;
  }
}

/// What one step does for each lane, in additions.
double flops(const compile::Program& program) {
  double sum = 0;
  for (const auto* part : {&program.observe, &program.update})
    for (const compile::Instruction& instruction : *part) {
      if (instruction.out.space != compile::Location::Space::lanes) continue;
      if (instruction.op == language::Op::solve) {  // elimination with pivoting
        const double n = instruction.out.rows;
        sum += n * n * n + 3 * n * n + 4 * n;
        continue;
      }
      std::uint32_t rows = instruction.out.rows;
      for (std::size_t a = 0; a < instruction.arity; ++a) rows = std::max(rows, instruction.args[a].rows);
      sum += (cost(instruction.op) + (instruction.outer ? cost(*instruction.outer) : 0)) * rows;
    }
  return sum;
}

/// Every rule of the catalogue that can stand alone, in a block of lanes, against Adam.
void rule_speed() {
  constexpr std::size_t steps = 500;
  std::vector<std::pair<double, std::string>> times;
  double adam = 0;
  for (const std::string& name : catalog::rule_names()) {
    try {
      const auto study = make_study(name, steps);
      const double time =
          block_seconds(*study, 3) / flops(study->plan(0).executable->program()) / double(lanes * steps);
      times.emplace_back(time, name);
      if (name == "adam") adam = time;
    } catch (const InputError&) {  // a wrapper
    }
  }
  std::sort(times.rbegin(), times.rend());
  const auto slow = std::count_if(times.begin(), times.end(), [&](const auto& row) { return row.first > 3 * adam; });
  std::string worst;
  for (std::size_t i = 0; i < 5; ++i)
    worst += fmt::format("{}{} {:.2f}", i == 0 ? "" : ", ", times[i].second, times[i].first / adam);
  fmt::print("| {} rules in a block, time per flop against Adam's | worst: {} | {} above 3 (goal 0) |\n", times.size(),
             worst, slow);
}

/// One gradient of Rosenbrock's function in a million dimensions, against a loop written by hand.
void long_gradient() {
  constexpr std::uint32_t n = 1'000'000;
  experiment::Overrides overrides;
  overrides.functions = {"rosenbrock:dim=" + std::to_string(n)};
  overrides.function_only = true;
  const Experiment experiment = experiment::read_request("", "bench", overrides).experiment;
  program::Graph graph;
  study::Objective objective(graph, experiment.functions[0]);
  compile::ProgramSpec spec;
  const program::NodeId point = graph.input({n});
  spec.inputs = {{point, true, false, program::no_node}};
  spec.observed = {objective.gradient(point)};
  const auto executable = backend::compile(graph, spec, compile::Form::single);
  const auto owner = executable->machine(1);
  backend::Machine& machine = *owner;
  double* x = machine.input(0).data;
  for (std::size_t i = 0; i < n; ++i) x[i] = i % 2 == 0 ? -1.2 : 1;
  std::vector<double> gradient(n);
  const double ours = best(30, [&] { machine.observe(); });
  const double loop = best(30, [&] { bench::rosenbrock_gradient(x, gradient.data(), n); });
  const double a = machine.observed(0).data[n / 2], b = gradient[n / 2];
  if (std::fabs(a - b) > 1e-12 * std::fabs(b)) fmt::print(stderr, "the gradients differ\n");
  fmt::print("| gradient of Rosenbrock in 10⁶ dimensions | {:.2f} ms | {:.1f} times the hand-written loop (goal 3) |\n",
             ours * 1e3, ours / loop);
}

/// Products of square matrices on one thread, against a loop blocked by hand for the same order of sums.
void product_speed() {
  backend::Workers serial;
  for (const std::size_t n : {64, 128, 256, 512, 1024}) {
    std::vector<double> a(n * n), b(n * n), c(n * n), d(n * n);
    for (std::size_t i = 0; i < n * n; ++i) {
      a[i] = 1 + 1e-3 * static_cast<double>(i % 1009);
      b[i] = 2 - 1e-3 * static_cast<double>(i % 1013);
    }
    const double operations = 2 * std::pow(static_cast<double>(n), 3);
    double ours = HUGE_VAL, hand = HUGE_VAL;
    for (int i = 0; i < std::max(5, static_cast<int>(1e9 / operations)); ++i) {  // by turns: the machine is shared
      ours = std::min(ours, seconds([&] {
                        backend::product({n, n, n}, a.data(), b.data(), c.data(), backend::best_kernels(), serial);
                      }));
      hand = std::min(hand, seconds([&] { bench::blocked_product(a.data(), b.data(), d.data(), n); }));
    }
    if (c != d) fmt::print(stderr, "the products differ\n");
    fmt::print("| product of {0}×{0} matrices | {1:.1f} GFlop/s | {2:.2f} of the loop blocked by hand (goal 0.7) |\n",
               n, operations / ours * 1e-9, hand / ours);
  }
}

/// Several trajectories at once, threads, and what a long text and a wide table cost.
void breadth(const std::string& tool) {
  const auto many = [&](const std::string& verb, const std::vector<std::string>& more) {
    std::vector<std::string> words = {tool, verb,    "-f", "rosenbrock",   "--start", "{\"domain\":200}",
                                      "-n", "10000", "-O", "adam:lr=0.001"};
    words.insert(words.end(), more.begin(), more.end());
    return best(3, [&] { spawn(words); });
  };
  const double run = many("run", {"--every", "10000"}), sweep = many("sweep", {});
  fmt::print("| 200 runs × 10⁴ steps through run | {:.0f} ms | {:.2f} of what sweep takes |\n", run * 1e3, run / sweep);
  const auto long_runs = [&](const char* jobs) {
    return best(3, [&] {
      spawn({tool, "sweep", "-f", "rosenbrock", "--start", "{\"domain\":768}", "-n", "100000", "-O", "adam:lr=0.001",
             "-j", jobs});
    });
  };
  const double one = long_runs("1"), two = long_runs("2");
  fmt::print("| 768 runs × 10⁵ steps, 2 threads | {:.0f} ms | {:.2f} times 1 thread |\n", two * 1e3, one / two);
  const double setup = best(3, [&] {
    spawn(
        {tool, "run", "-f", "f(x[n]) = sum(k,1,8000,(k*norm(x)-1)^2)", "--start=1,2", "-n", "1", "-O", "sgd:lr=1e-9"});
  });
  fmt::print("| one step of 8000 unrolled terms | {:.0f} ms | |\n", setup * 1e3);
  const Child wide =
      spawn({tool, "run", "-f", "sphere:dim=20000", "-n", "1100", "-O", "sgd:lr=0.01", "--columns", "point"});
  fmt::print("| peak memory, 1100 rows of 20 000 coordinates | {:.1f} MB | |\n", wide.megabytes);
}

void start_up(const std::string& tool) {
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) times.push_back(spawn(command(tool, rules, 30, {})).seconds);
  std::nth_element(times.begin(), times.begin() + 50, times.end());
  fmt::print("| whole command, 30 steps of 4 rules (median of 100) | {:.2f} ms | goal 5 ms |\n", times[50] * 1e3);
}

void memory(const std::string& tool) {
  const Child run = spawn(command(tool, {"adam:lr=0.001"}, 10'000'000, {"--every", "1000000"}));
  fmt::print("| peak memory, 10⁷ steps with --every 1000000 | {:.1f} MB | goal 50 MB |\n", run.megabytes);
  const Child rows = spawn(command(tool, rules, 500'000, {}));
  fmt::print("| peak memory, 2·10⁶ rows of CSV | {:.1f} MB | |\n", rows.megabytes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: optexplore_bench PATH_OF_OPTEXPLORE PATH_OF_NUMPY_LANES\n");
    return 2;
  }
  const std::string tool = argv[1];
  fmt::print("| what | measured | ratio |\n|---|---|---|\n");
  csv_speed(tool);
  silent_speed(tool);
  lane_speed();
  sweep_speed(tool, argv[2]);
  start_up(tool);  // before this process grows, which its children would inherit
  memory(tool);
  breadth(tool);
  rule_speed();
  long_gradient();
  product_speed();
  return 0;
}
