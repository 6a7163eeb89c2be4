#include <CLI/CLI.hpp>
#include <atomic>
#include <memory>
#include <optexplore/run.hpp>
#include <string>

#include "cli/commands.hpp"
#include "cli/interruptible.hpp"
#include "flags/options.hpp"
#include "os/messages.hpp"
#include "os/signals.hpp"
#include "os/sink.hpp"
#include "output/write.hpp"
#include "study/expansion.hpp"
#include "study/standstill.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Examples:
  optexplore run -f 'f(x,y) = x²/20 + y²' --start=-7,2 -n 30 -O sgd:lr=0.95 -O adam:lr=0.3
  optexplore run experiment.json -n 1000 --every 10 -o steps.csv
  optexplore run experiment.json --set optimizers.adam.lr=0.1 --format json
  optexplore run -f rosenbrock -O adam:lr=0.1 --stop 'norm(g) < 1e-6' --columns step,f)";

struct Options {
  flags::ExperimentOptions experiment;
  flags::OutputOptions output;
};

/// Warns of each trajectory that diverged, and tells of loops that came to their limits, up to a number that a person
/// still reads.
class Endings {
 public:
  explicit Endings(const os::Messages& messages) : messages_(messages) {}

  void observe(const Block& block) {
    if (!block.ending) return;
    if (!block.ending->limit.empty() && ++limits_ <= most_warnings)
      messages_.note(name(*block.group) + ": " + block.ending->limit);
    if (failed(block.ending->status) && ++count_ <= most_warnings)
      messages_.warning(name(*block.group) + reason(*block.ending));
  }

  void summarize() const {
    const auto more = [](std::uint64_t count) {
      return std::to_string(count - most_warnings) + " more trajector" + (count - most_warnings == 1 ? "y" : "ies");
    };
    if (limits_ > most_warnings) messages_.note(more(limits_) + " with loops that at_most ended");
    if (count_ > most_warnings) messages_.warning(more(count_) + " diverged");
  }

  [[nodiscard]] bool any() const { return count_ > 0; }

 private:
  static constexpr std::uint64_t most_warnings = 10;

  static std::string reason(const Ending& ending) {
    const std::string why = ending.reason.empty() ? "" : ": " + ending.reason;
    if (ending.steps == 0) return ": the function is not finite at the start" + why;
    if (ending.status == Status::no_gradient)
      return ": the gradient at step " + std::to_string(ending.steps - 1) + " is not finite in " + ending.coordinate +
             ", though the function is";
    return " diverged at step " + std::to_string(ending.steps) + why;
  }

  static std::string name(const Group& group) {
    std::string text = "'" + group.text("optimizer") + "'";
    if (group.find("run") != nullptr) text += " run " + std::to_string(group.number + 1);
    if (group.find("function") != nullptr) text += " on '" + group.text("function") + "'";
    return text;
  }

  const os::Messages& messages_;
  std::uint64_t count_ = 0;
  std::uint64_t limits_ = 0;
};

int run(const Options& options) {
  const os::Messages messages(options.output.quiet);
  flags::OutputPlan plan = flags::plan_output(options.output);
  flags::check_paths(options.experiment.config, plan.path);
  const experiment::Request request = flags::load_request(options.experiment);
  const Experiment& experiment = request.experiment;
  plan.run.columns = request.columns;
  std::atomic<std::uint64_t> steps_done = 0;
  plan.run.control = {&os::interruption(), &steps_done};
  RunStream stream = compiling(options.output.quiet,
                               [&] { return request.named_by_flags([&] { return RunStream(experiment, plan.run); }); });
  const auto writer = flags::make_writer(plan, stream.schema());
  // Nothing is opened before everything is known to be valid: an error leaves no trace.
  const auto sink = os::open_sink(plan.path);
  for (const std::string& note : stream.notes()) messages.note(note);

  Endings endings(messages);
  study::Standstill standstill;
  const double steps = static_cast<double>(stream.trajectories()) * static_cast<double>(experiment.steps);
  const os::Progress::Work work{"steps", steps, 0, &steps_done};
  std::uint64_t rows = 0, ended = 0;
  const int status =
      write_interruptible(plan.path, *sink, work, options.output.quiet, [&](os::Progress&) -> Interrupted {
        output::compute_all([&stream] { return stream.next_job(); }, *writer, *sink, plan.jobs,
                            [&](const Block& block) {
                              rows += block.rows;
                              ended += block.ending && block.ending->status != Status::interrupted ? 1 : 0;
                              endings.observe(block);
                              if (block.ending) standstill.observe(*block.group, *block.ending);
                            });
        if (ended == stream.trajectories()) return {};
        return {std::to_string(rows) + " rows"};
      });
  endings.summarize();
  for (const std::string& note : standstill.notes(experiment)) messages.note(note);
  return status == exit_done && endings.any() && options.output.strict ? exit_diverged : status;
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("run", "Run an experiment; one row per recorded step");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  flags::add_experiment_options(command, options->experiment);
  flags::add_output_options(command, options->output);
  command.callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace optexplore::cli
