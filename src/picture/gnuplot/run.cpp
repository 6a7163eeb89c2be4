#include "picture/gnuplot/run.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "os/child.hpp"

namespace optexplore::picture {
namespace {

constexpr const char* instead =
    "; or leave out -o to print the script, and draw it elsewhere: optexplore plot … | gnuplot -p";

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.erase(text.begin());
  return text;
}

/// A pdf has the time of its making, which cairo 1.16 takes from nothing but the clock: the same picture is to have the
/// same bytes.
void remove_date(std::string& picture) {
  constexpr std::string_view key = "/CreationDate (D:";
  if (picture.rfind("%PDF", 0) != 0) return;
  std::size_t at = picture.find(key);
  if (at == std::string::npos) return;
  for (at += key.size(); at < picture.size() && picture[at] != ')'; ++at)
    if (picture[at] >= '0' && picture[at] <= '9') picture[at] = '0';
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

std::string run_gnuplot(const Gnuplot& gnuplot, const std::string& script, os::Sink& sink) {
  // -d: the drawing depends on the script alone, and not on the user's settings.
  os::ChildResult ended = run(gnuplot.program, {"-d", "-"}, script);
  std::string said = trimmed(ended.messages);
  if (ended.signal != 0)
    throw std::runtime_error("gnuplot was ended by signal " + std::to_string(ended.signal) +
                             (said.empty() ? "" : ": " + said));
  if (ended.exit_status != 0)
    throw std::runtime_error("gnuplot failed: " + (said.empty() ? "it gave no reason" : said));
  std::string& picture = ended.output;
  if (picture.empty()) throw std::runtime_error("gnuplot drew nothing" + (said.empty() ? "" : ": " + said));
  remove_date(picture);
  sink.write(picture);
  sink.finish();
  return said;
}

}  // namespace optexplore::picture
