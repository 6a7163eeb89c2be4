#include "picture/profile.hpp"

#include <fmt/format.h>

#include <optexplore/error.hpp>

#include "picture/gnuplot/legend.hpp"

namespace optexplore::picture {
namespace {

const char* quantity(analysis::ProfileKind kind) {
  switch (kind) {
    case analysis::ProfileKind::ecdf: return "evaluations, with the start's";
    case analysis::ProfileKind::performance: return "evaluations, in those of the quickest";
    case analysis::ProfileKind::data: return "evaluations / (n + 1)";
  }
  return "";
}

constexpr double line_width = 2.2;

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
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < curves.size(); ++i)
    entries.push_back({.label = label(comparison.entries[curves[i].entry]),
                       .style = style(i),
                       .line = line_width,
                       .pen = asked.is_text() ? i + 1 : 0});
  const Canvas canvas = with_room(asked, entries);
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
  const Legend legend(canvas, entries);
  const Interval area = set_margins(script, canvas, legend, shown_title.empty() ? 0 : 1);
  legend.write(script);
  script.title(shown_title);
  script.line("set xlabel " + axis_label(canvas, quantity(kind), canvas.width - canvas.side() - canvas.edge()) +
              " noenhanced");
  script.line(y_label_text(canvas, "share solved", (area.high - area.low) * canvas.height));
  const double first = curves.front().x.front(), last = curves.front().x.back();
  // Nothing solved, or everything at once: an axis needs a length.
  script.line("set xrange " + range_text({first, last > first ? last : 10 * first}));
  script.line("set logscale x");
  script.line("set yrange [0:1.02]");
  script.line("set clip two");
  std::vector<std::string> elements;
  for (std::size_t i = 0; i < curves.size(); ++i)
    elements.push_back(fmt::format("$curves index {} using 1:2 with lines {} notitle", i,
                                   line_style(entries[i].style, line_width, entries[i].pen)));
  script.list("plot", elements);
  return script.take();
}

}  // namespace optexplore::picture
