#include "picture/gnuplot/run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

#include "os/child.hpp"
#include "picture/image/gif.hpp"
#include "picture/image/png.hpp"

namespace optexplore::picture {
namespace {

constexpr const char* instead =
    "; or print the script, and draw it elsewhere: optexplore plot … --format script | gnuplot -p";

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.erase(text.begin());
  return text;
}

/// A pdf has the time of its making, which cairo 1.16 takes from nothing but the clock: the same picture is to have the
/// same bytes.
void remove_date(std::string& picture) {
  constexpr std::string_view key = "/CreationDate (D:";
  std::size_t at = picture.find(key);
  if (at == std::string::npos) return;
  for (at += key.size(); at < picture.size() && picture[at] != ')'; ++at)
    if (picture[at] >= '0' && picture[at] <= '9') picture[at] = '0';
}

std::string animated(std::string_view pngs, const Canvas& canvas) {
  const std::vector<std::string_view> frames = split_pngs(pngs);
  const auto hundredths = static_cast<unsigned>(std::clamp(std::lround(100 / canvas.fps), 1L, 65'535L));
  return make_gif(
      frames.size(), [&](std::size_t k) { return read_png(frames[k]); }, hundredths);
}

/// Where a line's text ends, without blanks behind it; 0 when nothing is seen of it.
std::size_t seen_end(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {  // a colour: all until its letter
      while (i < line.size() && line[i] != 'm') ++i;
    } else if (line[i] != ' ') {
      end = i + 1;
    }
  }
  return end;
}

/// Letters without the form feed before them, which some terminals show, and the blanks around them.
std::string trimmed_letters(std::string_view picture, bool colour) {
  std::string result;
  std::size_t blank = 0;
  while (!picture.empty()) {
    const std::size_t length = std::min(picture.find('\n'), picture.size());
    std::string_view line = picture.substr(0, length);
    picture.remove_prefix(std::min(length + 1, picture.size()));
    while (line.starts_with('\f')) line.remove_prefix(1);
    const std::size_t end = seen_end(line);
    if (end == 0) {
      ++blank;
      continue;
    }
    if (!result.empty()) result.append(blank, '\n');
    blank = 0;
    result += line.substr(0, end);
    result += '\n';
  }
  if (colour && !result.empty()) result.insert(result.size() - 1, "\x1b[0m");
  return result;
}

/// What gnuplot drew, as it is to be seen.
std::string finished(std::string picture, const Canvas& canvas) {
  switch (canvas.kind) {
    case Canvas::Kind::gif: return animated(picture, canvas);
    case Canvas::Kind::text: return trimmed_letters(picture, canvas.colour);
    case Canvas::Kind::pdf: remove_date(picture); break;
    default: break;
  }
  return picture;
}

/// Runs gnuplot with a locale and a date for drawings that are the same everywhere.
os::ChildResult run(const std::string& program, const std::vector<std::string>& arguments, std::string_view script) {
  const auto result = os::run_child(program, arguments, {{"LC_ALL", "C.UTF-8"}, {"SOURCE_DATE_EPOCH", "0"}}, script);
  if (!result)
    throw std::runtime_error("'" + program +
                             "' was not found; install gnuplot ('apt-get install gnuplot-nox' on Debian and Ubuntu, "
                             "'brew install gnuplot' on macOS)" +
                             instead);
  return *result;
}

}  // namespace

Gnuplot find_gnuplot() {
  Gnuplot result;
  const char* named = std::getenv("GNUPLOT");
  result.program = named != nullptr && *named != '\0' ? named : "gnuplot";
  const os::ChildResult ended = run(result.program, {"--version"}, "");
  const std::string text = trimmed(ended.output);
  if (ended.signal != 0 || ended.exit_status != 0 ||
      std::sscanf(text.c_str(), "gnuplot %d.%d", &result.major, &result.minor) != 2)
    throw std::runtime_error("'" + result.program + "' is no gnuplot: '--version' gave '" +
                             text.substr(0, std::min<std::size_t>(text.find('\n'), 60)) + "'");
  if (result.major < 5 || (result.major == 5 && result.minor < 4))
    throw std::runtime_error("gnuplot 5.4 or later is needed, found " + std::to_string(result.major) + "." +
                             std::to_string(result.minor) + instead);
  return result;
}

std::string run_gnuplot(const Gnuplot& gnuplot, const std::string& script, const Canvas& canvas, os::Sink& sink) {
  // -d: the drawing depends on the script alone, and not on the user's settings.
  os::ChildResult ended = run(gnuplot.program, {"-d", "-"}, script);
  std::string said = trimmed(ended.messages);
  if (ended.signal != 0)
    throw std::runtime_error("gnuplot was ended by signal " + std::to_string(ended.signal) +
                             (said.empty() ? "" : ": " + said));
  if (ended.exit_status != 0)
    throw std::runtime_error("gnuplot failed: " + (said.empty() ? "it gave no reason" : said));
  if (ended.output.empty()) throw std::runtime_error("gnuplot drew nothing" + (said.empty() ? "" : ": " + said));
  sink.write(finished(std::move(ended.output), canvas));
  sink.finish();
  return said;
}

}  // namespace optexplore::picture
