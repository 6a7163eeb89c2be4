#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"
#include "cli/commands.hpp"
#include "cli/interruptible.hpp"
#include "flags/options.hpp"
#include "os/messages.hpp"
#include "os/sink.hpp"
#include "os/terminal.hpp"
#include "picture/basins.hpp"
#include "picture/gnuplot/pictures.hpp"
#include "picture/gnuplot/run.hpp"
#include "picture/heatmap.hpp"
#include "picture/page/page.hpp"
#include "picture/profile.hpp"
#include "text/suggest.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Kinds:
  paths        contours with every path; of a function of one coordinate its graph
  panels       the same, a small panel for each optimizer
  convergence  gap, f or --column against the step
  columns      several --columns above one another
  surface      the function in three dimensions with the paths on it
  heatmap      two settings that vary; --column, by default the final gap, as colour
  basins       where the runs from a grid of starts end, and how soon
  profile      share of the runs that are solved after so many evaluations, to stay so
Without --kind: heatmap when two settings vary, convergence above two dimensions,
else paths.

The format follows FILE's extension: .svg, .png, .pdf, .gif (paths alone: they grow),
.html (a page to play, zoom and explore), or .gp for the gnuplot script. Without -o
the picture is drawn with characters on a terminal, in its size up to 160x50; into a
pipe the script is printed. Drawing needs gnuplot 5.4 or later (a page and the script
do not); the environment variable GNUPLOT may name it.

Examples:
  optexplore plot experiment.json
  optexplore plot experiment.json -o paths.svg
  optexplore plot experiment.json | gnuplot -p
  optexplore plot experiment.json --kind convergence --column grad_norm -o curves.pdf
  optexplore plot -f rosenbrock:dim=10 -n 2000 -O adam:lr=0.01 --pca -o plane.png
  optexplore plot experiment.json -o paths.gif --duration 5
  optexplore plot experiment.json -o paths.html
  optexplore plot -f himmelblau -n 200 -O sgd:lr=0.01 --kind basins -o basins.png
  optexplore plot -f book --line 'lr=1+momentum' -o stable.png \
    -O 'momentum:lr={"linear":[0.02,2,99]},momentum={"linear":[0,0.98,50]}')";

struct Options {
  flags::ExperimentOptions experiment;
  std::optional<std::string> kind, path, format, size, title, fps, duration, jobs;
  std::optional<std::string> x, y;
  std::vector<std::string> lines;
  std::optional<std::string> target, profile;
  std::string column_flag = "--columns";  ///< under which of its names the columns were given
  bool pca = false;
  bool log = false, linear = false;
  bool terminal = false;
  bool quiet = false;
};

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names = {"paths",   "panels",  "convergence", "columns",
                                                 "surface", "heatmap", "basins",      "profile"};
  return names;
}

const std::vector<std::string> format_names = {"svg", "png", "pdf", "gif", "html", "script"};

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

picture::Canvas::Kind canvas_kind(const std::string& format) {
  using Kind = picture::Canvas::Kind;
  if (format == "svg") return Kind::svg;
  if (format == "png") return Kind::png;
  if (format == "pdf") return Kind::pdf;
  if (format == "gif") return Kind::gif;
  if (format == "html") return Kind::html;
  if (format == "script") return Kind::any;
  throw InputError(
      "unknown format '" + format + "'; expected " + listed(format_names) + text::did_you_mean(format, format_names),
      "", "--format");
}

/// The format of a file by its extension.
std::string format_of(const std::string& path) {
  const std::size_t dot = path.find_last_of("./");
  const std::string extension = dot == std::string::npos || path[dot] == '/' ? "" : path.substr(dot + 1);
  for (const char* name : {"svg", "png", "pdf", "gif", "html"})
    if (extension == name) return name;
  for (const char* name : {"gp", "plt", "gnuplot"})
    if (extension == name) return "script";
  throw InputError("expected a file name that ends in .svg, .png, .pdf, .gif, .html or .gp, found '" + path +
                       "'; or name the format with --format",
                   "", "--output");
}

double positive_number(const std::string& flag, const std::string& text, double most) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value > 0) || value > most)
    throw InputError(
        "expected a number above 0 and up to " + std::to_string(static_cast<int>(most)) + ", found '" + text + "'", "",
        flag);
  return value;
}

/// "800x600"
void read_size(const std::string& text, picture::Canvas& canvas) {
  const std::size_t cross = text.find_first_of("xX");
  if (cross == std::string::npos)
    throw InputError("expected WIDTHxHEIGHT, as in 800x600, found '" + text + "'", "", "--size");
  const std::uint64_t least = canvas.is_text() ? 20 : 100, most = canvas.is_text() ? 1000 : 10'000;
  canvas.width = static_cast<unsigned>(flags::whole_number("--size", text.substr(0, cross), least, most));
  canvas.height =
      static_cast<unsigned>(flags::whole_number("--size", text.substr(cross + 1), canvas.is_text() ? 10 : least, most));
}

/// The size of the terminal, if standard output is one: as far as a picture gains from it.
void fit_terminal(picture::Canvas& canvas) {
  constexpr unsigned most_columns = 160, most_rows = 50;
  canvas.width = 80;
  canvas.height = 24;
  const auto window = os::window(STDOUT_FILENO);
  if (!window || window->columns < 20 || window->rows < 10) return;
  canvas.width = std::min(window->columns, most_columns);
  canvas.height = std::min(window->rows - 1, most_rows);  // a line for the prompt
}

/// What is drawn when --kind doesn't say.
std::string default_kind(const Options& options, const Experiment& experiment) {
  if (options.x || options.y || options.pca) return "paths";
  if (picture::varies_two_settings(experiment)) return "heatmap";
  return experiment.functions.front().dim <= 2 ? "paths" : "convergence";
}

std::string read_kind(const Options& options, const Experiment& experiment) {
  if (!options.kind) return default_kind(options, experiment);
  for (const std::string& name : kinds())
    if (name == *options.kind) return name;
  throw InputError(
      "unknown kind '" + *options.kind + "'; expected " + listed(kinds()) + text::did_you_mean(*options.kind, kinds()),
      "", "--kind");
}

/// What to draw on, before the size is known.
picture::Canvas read_canvas(const Options& options) {
  picture::Canvas canvas;
  canvas.title = options.title;
  const bool shown = !options.path && !options.format && os::is_terminal(STDOUT_FILENO);
  if (options.terminal || shown) {
    if (options.path) throw InputError("a picture goes to the terminal or to a file, not to both", "", "--terminal");
    if (options.format) throw InputError("the terminal has a format of its own", "", "--format");
    canvas.kind = picture::Canvas::Kind::text;
    canvas.colour = os::has_colour(STDOUT_FILENO);
    return canvas;
  }
  if (options.path && options.path->empty()) throw InputError("expected a file name, found ''", "", "--output");
  std::string format = "script";
  if (options.format)
    format = *options.format;
  else if (options.path && *options.path != "-")
    format = format_of(*options.path);
  canvas.kind = canvas_kind(format);
  return canvas;
}

/// How many frames an animation has. A run of few steps needs no more than one for each.
std::uint64_t read_frames(const Options& options, const Experiment& experiment, picture::Canvas& canvas) {
  canvas.fps = options.fps ? positive_number("--fps", *options.fps, 100) : 10;
  const double seconds = options.duration ? positive_number("--duration", *options.duration, 600) : 6;
  const double frames = std::min(canvas.fps * seconds, static_cast<double>(experiment.steps) + 1);
  if (!options.fps) canvas.fps = std::max(frames / seconds, 0.5);
  return static_cast<std::uint64_t>(std::clamp(std::llround(frames), 2LL, 2000LL));
}

std::string curves(const Options& options, const experiment::Request& request, picture::Canvas& canvas, bool several) {
  picture::CurveOptions curve_options;
  curve_options.columns = several ? request.columns : request.flag_columns;
  if (several && curve_options.columns.empty())
    curve_options.columns = {{"f", {}}, {"grad_norm", {}}, {"step_norm", {}}};
  if (options.log || options.linear) curve_options.log = options.log;
  curve_options.pixels = canvas.plot_pixels();
  return picture::curves_script(picture::make_curves(request.experiment, curve_options), canvas);
}

std::string paths(const Options& options, const experiment::Request& request, picture::Canvas& canvas,
                  const std::string& kind, const os::Messages& messages) {
  const Experiment& experiment = request.experiment;
  const bool panels = kind == "panels";
  picture::SceneOptions scene_options;
  scene_options.x = options.x;
  scene_options.y = options.y;
  scene_options.pca = options.pca;
  scene_options.aspect = canvas.plot_aspect();
  scene_options.pixels = canvas.plot_pixels();
  if (kind == "paths" && canvas.kind == picture::Canvas::Kind::gif)
    scene_options.frames = read_frames(options, experiment, canvas);
  const bool page = canvas.kind == picture::Canvas::Kind::html;
  if (page) {
    scene_options.columns = request.flag_columns;
    scene_options = picture::page_scene_options(scene_options, experiment, RunStream(experiment, {}).trajectories());
  }
  const picture::Scene scene = picture::make_scene(experiment, scene_options);
  for (const std::string& note : scene.notes) messages.note(note);
  if (page) return picture::page(scene, canvas.title);
  if (kind == "surface") {
    std::optional<bool> log;
    if (options.log || options.linear) log = options.log;
    return picture::surface_script(scene, canvas, log);
  }
  if (panels) {
    if (!options.size && !canvas.is_text()) canvas = picture::panels_canvas(scene, canvas);
    return picture::panels_script(scene, canvas);
  }
  return picture::paths_script(scene, canvas);
}

unsigned jobs(const Options& options) {
  return options.jobs ? static_cast<unsigned>(flags::whole_number("--jobs", *options.jobs, 1, 1024)) : 0;
}

std::string heatmap(const Options& options, const experiment::Request& request, picture::Canvas& canvas) {
  picture::HeatmapOptions map_options;
  const std::vector<ColumnSpec>& columns = request.flag_columns;
  if (columns.size() > 1)
    throw InputError("a heat map shows one column, found " + std::to_string(columns.size()), "", options.column_flag);
  if (!columns.empty()) map_options.column = columns.front();
  if (options.log || options.linear) map_options.log = options.log;
  map_options.lines = options.lines;
  map_options.target = options.target;
  map_options.jobs = jobs(options);
  map_options.quiet = options.quiet;
  const picture::Heatmap map = picture::make_heatmap(request.experiment, map_options);
  if (!options.size && !canvas.is_text()) canvas = picture::maps_canvas(map.panels.size(), canvas);
  return picture::heatmap_script(map, canvas);
}

std::string basins(const Options& options, const Experiment& experiment, picture::Canvas& canvas,
                   const os::Messages& messages) {
  picture::BasinsOptions basins_options;
  basins_options.target = options.target;
  basins_options.jobs = jobs(options);
  basins_options.quiet = options.quiet;
  if (canvas.is_text()) basins_options.points = 101;
  const picture::Basins result = picture::make_basins(experiment, basins_options);
  for (const std::string& note : result.notes) messages.note(note);
  if (!options.size && !canvas.is_text()) {
    canvas = picture::maps_canvas(result.panels.size(), canvas);
    if (result.panels.size() == 1) canvas.height = 720;
  }
  return picture::basins_script(result, canvas);
}

analysis::ProfileKind read_profile(const std::string& text) {
  using Kind = analysis::ProfileKind;
  std::vector<std::string> names;
  for (const Kind kind : {Kind::ecdf, Kind::performance, Kind::data}) {
    names.emplace_back(to_string(kind));
    if (names.back() == text) return kind;
  }
  throw InputError("unknown profile '" + text + "'; expected " + listed(names) + text::did_you_mean(text, names), "",
                   "--profile");
}

std::string profile(const Options& options, const Experiment& experiment, const picture::Canvas& canvas) {
  const analysis::ProfileKind kind = read_profile(options.profile.value_or("ecdf"));
  analysis::Options compare_options;
  compare_options.target = options.target;
  compare_options.jobs = jobs(options);
  RunsProgress progress(options.quiet);
  compare_options.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  std::string title;
  for (const FunctionSpec& function : experiment.functions) title += (title.empty() ? "" : ", ") + function.entry.name;
  return picture::profile_script(analysis::compare(experiment, compare_options), kind, title, canvas);
}

std::string format_name(const picture::Canvas& canvas) {
  using Kind = picture::Canvas::Kind;
  switch (canvas.kind) {
    case Kind::any: return "a script";
    case Kind::svg: return "svg";
    case Kind::png: return "png";
    case Kind::pdf: return "pdf";
    case Kind::gif: return "gif";
    case Kind::html: return "html";
    case Kind::text: return "characters";
  }
  return "";
}

/// An option that this picture has no use for is a misunderstanding.
void check_options(const Options& options, const picture::Canvas& canvas, const std::string& kind) {
  const bool page = canvas.kind == picture::Canvas::Kind::html, gif = canvas.kind == picture::Canvas::Kind::gif;
  const std::string format_flag = options.format ? "--format" : "--output";
  if (gif && kind != "paths")
    throw InputError("only paths move in a gif, not " + kind + "; expected " + listed({"svg", "png", "pdf", "script"}),
                     "", format_flag);
  if (page && kind != "paths")
    throw InputError("a page shows paths; the other kinds are pictures, in " + listed({"svg", "png", "pdf", "script"}),
                     "", "--kind");

  if (options.log && options.linear) throw InputError("expected one of --log and --linear", "", "--linear");
  const std::string drawn = kind + (page || gif ? " in " + format_name(canvas) : "");
  const auto applies_to = [&](bool given, const std::string& flag, const std::vector<std::string>& where) {
    if (given && std::ranges::find(where, drawn) == where.end() && std::ranges::find(where, kind) == where.end())
      throw InputError("applies to " + listed(where) + ", not to " + drawn, "", flag);
  };
  const std::vector<std::string> planes = {"paths", "panels", "surface"}, many = {"heatmap", "basins", "profile"};
  applies_to(options.x.has_value(), "--x", planes);
  applies_to(options.y.has_value(), "--y", planes);
  applies_to(options.pca, "--pca", planes);
  applies_to(options.experiment.overrides.columns.has_value(), options.column_flag,
             {"convergence", "columns", "heatmap", "paths in html"});
  for (const char* flag : {"--log", "--linear"})
    applies_to(flag == std::string("--log") ? options.log : options.linear, flag,
               {"convergence", "columns", "heatmap", "surface"});
  applies_to(!options.lines.empty(), "--line", {"heatmap"});
  applies_to(options.target.has_value(), "--target", many);
  applies_to(options.profile.has_value(), "--profile", {"profile"});
  applies_to(options.jobs.has_value(), "--jobs", many);

  const auto of_format = [&](bool given, bool useful, const char* flag, const std::string& where) {
    if (given && !useful) throw InputError("applies to " + where + ", not to " + format_name(canvas), "", flag);
  };
  of_format(options.fps.has_value(), gif, "--fps", "gif");
  of_format(options.duration.has_value(), gif, "--duration", "gif");
  of_format(options.size.has_value(), !page, "--size", "pictures");
  jobs(options);
}

int plot_command(const Options& options) {
  const os::Messages messages(options.quiet);
  picture::Canvas canvas = read_canvas(options);
  const experiment::Request request = flags::load_request(options.experiment);
  const Experiment& experiment = request.experiment;
  using Kind = picture::Canvas::Kind;
  const bool is_page = canvas.kind == Kind::html;
  // What only shows paths needs no --kind.
  const bool only_paths = is_page || canvas.kind == Kind::gif;
  const std::string kind = only_paths && !options.kind ? "paths" : read_kind(options, experiment);
  check_options(options, canvas, kind);
  if (canvas.is_text()) fit_terminal(canvas);
  if (options.size) read_size(*options.size, canvas);
  canvas.grows = !options.size;
  if (options.path) flags::check_paths(options.experiment.config, *options.path);
  const bool drawn = canvas.kind != Kind::any && !is_page;
  std::optional<picture::Gnuplot> gnuplot;
  if (drawn) gnuplot = picture::find_gnuplot();
  // Without colour only letters tell the paths apart.
  canvas.block = canvas.is_text() && canvas.colour && gnuplot->major >= 6;

  const auto sink = os::open_sink(options.path.value_or("-"));
  const std::string script = request.named_by_flags([&] {
    if (kind == "convergence" || kind == "columns") return curves(options, request, canvas, kind == "columns");
    if (kind == "heatmap") return heatmap(options, request, canvas);
    if (kind == "profile") return profile(options, experiment, canvas);
    if (kind == "basins") return basins(options, experiment, canvas, messages);
    return paths(options, request, canvas, kind, messages);
  });
  if (!drawn) {
    sink->write(script);
    sink->finish();
    return exit_done;
  }
  const std::string said = picture::run_gnuplot(*gnuplot, script, canvas, *sink);
  if (!said.empty()) messages.warning("gnuplot: " + said);
  return exit_done;
}

}  // namespace

void add_plot(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("plot", "Draw an experiment with gnuplot: to a file, or on the terminal");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](auto& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_experiment_options(command, options->experiment);
  command.option_defaults()->group("Picture");
  flags::add_text_option(command, "--kind", "NAME", listed(kinds()), into(options->kind));
  flags::add_text_option(command, "--column", "COLUMN", "The same as --columns, for one",
                         [options](const std::string& text) {
                           options->experiment.overrides.columns = text;
                           options->column_flag = "--column";
                         });
  flags::add_text_option(command, "--x", "NAME", "Coordinate on the horizontal axis (default: the first)",
                         into(options->x));
  flags::add_text_option(command, "--y", "NAME", "Coordinate on the vertical axis (default: the second)",
                         into(options->y));
  command.add_flag("--pca", options->pca, "Draw in the plane of the two principal directions of the paths");
  command.add_flag("--log", options->log, "Logarithmic axis (default: where it fits)");
  command.add_flag("--linear", options->linear, "Linear axis");
  flags::add_text_option(command, "--target", "EXPR", "When a run has reached its aim (default: gap < 1e-8)",
                         into(options->target));
  flags::add_text_option(command, "--profile", "NAME", "profile: ecdf (default), performance or data",
                         into(options->profile));
  flags::add_repeatable_option(command, "--line", "NAME=EXPR", "heatmap: a curve, 'lr=2*(1+momentum)/10', repeatable",
                               options->lines);
  flags::add_text_option(command, "--title", "TEXT", "Title (default: the function's; '' for none)",
                         into(options->title));
  command.option_defaults()->group("Output");
  flags::add_text_option(command, "-o,--output", "FILE",
                         "Write to a file; '-': the script, or --format, to standard output", into(options->path));
  flags::add_text_option(command, "--format", "NAME", listed(format_names), into(options->format));
  flags::add_text_option(command, "--size", "WxH", "Pixels; pdf: hundredths of an inch (default: 800x560)",
                         into(options->size));
  flags::add_text_option(command, "--fps", "N", "gif: frames per second (default: 10)", into(options->fps));
  flags::add_text_option(command, "--duration", "S", "gif: seconds (default: 6)", into(options->duration));
  command.add_flag("--terminal", options->terminal, "Draw with characters, also into a pipe");
  flags::add_text_option(command, "-j,--jobs", "N", "Threads (default: all processors)", into(options->jobs));
  command.add_flag("-q,--quiet", options->quiet, "No warnings and notes");
  command.callback([&action, options] { action = [options] { return plot_command(*options); }; });
}

}  // namespace optexplore::cli
