#include "picture/profile.hpp"

#include <fmt/format.h>

#include <optexplore/error.hpp>

namespace optexplore::picture {
namespace {

const char* axis_label(analysis::ProfileKind kind) {
  switch (kind) {
    case analysis::ProfileKind::ecdf: return "evaluations, with the start's";
    case analysis::ProfileKind::performance: return "evaluations, in those of the quickest";
    case analysis::ProfileKind::data: return "evaluations / (n + 1)";
  }
  return "";
}

std::string label(const analysis::Entry& entry) {
  return entry.label + (entry.setting.empty() ? "" : ", " + entry.rounded_setting);
}

/// The corners of the steps, so that any style draws them.
void write_curve(Script& script, const analysis::Curve& curve) {
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (i > 0) script.raw(number(curve.x[i]) + " " + number(curve.share[i - 1]) + "\n");
    script.raw(number(curve.x[i]) + " " + number(curve.share[i]) + "\n");
  }
}

}  // namespace

std::string profile_script(const analysis::Comparison& comparison, analysis::ProfileKind kind, const std::string& title,
                           const Canvas& asked) {
  std::vector<analysis::Curve> curves = analysis::profiles(comparison, 0);
  std::erase_if(curves, [kind](const analysis::Curve& curve) { return curve.kind != kind; });
  if (curves.empty()) throw InputError("the minimum of the function isn't known; say what to reach", "", "--target");
  std::vector<std::string> labels;
  for (const analysis::Entry& entry : comparison.entries) labels.push_back(label(entry));
  const Canvas canvas = with_room(asked, labels);
  Script script(canvas, "Share of problems solved: " + title);
  script.begin_data("curves");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    if (i > 0) script.raw("\n\n");
    write_curve(script, curves[i]);
  }
  script.end_data();
  script.blank();
  script.line("set tics nomirror out scale 0.6");
  script.line("set border 3 linecolor rgb '#404040'");
  if (!canvas.is_text()) script.line("set grid ytics linecolor rgb '#D9D9D9' linewidth 0.7");
  const std::string shown_title = canvas.title.value_or(title);
  script.legend(canvas, labels, shown_title.empty() ? 0 : 1);
  script.title(shown_title);
  script.line("set xlabel " + quoted(axis_label(kind)) + " noenhanced");
  script.line("set ylabel 'share solved'");
  const double first = curves.front().x.front(), last = curves.front().x.back();
  // Nothing solved, or everything at once: an axis needs a length.
  script.line("set xrange " + range_text({first, last > first ? last : 10 * first}));
  script.line("set logscale x");
  script.line("set yrange [0:1.02]");
  script.line("set clip two");
  std::vector<std::string> elements;
  for (std::size_t i = 0; i < curves.size(); ++i)
    elements.push_back(fmt::format("$curves index {} using 1:2 with lines {} title {}", i, line_style(style(i), 2.2),
                                   quoted(labels[curves[i].entry])));
  script.list("plot", elements);
  return script.take();
}

}  // namespace optexplore::picture
