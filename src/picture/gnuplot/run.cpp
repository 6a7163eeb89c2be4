#include "picture/gnuplot/run.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optexplore/error.hpp>
#include <stdexcept>
#include <vector>

#include "os/process.hpp"

extern char** environ;

namespace optexplore::picture {
namespace {

constexpr const char* instead =
    "; or leave out -o to print the script, and draw it elsewhere: optexplore plot … | gnuplot -p";

/// A file without a name, gone when it is closed. gnuplot's three streams are such files and no pipes, so that neither
/// side ever waits for the other one.
class Scratch {
 public:
  Scratch() : file_(std::tmpfile(), &std::fclose) {
    if (!file_) fail();
    ::fcntl(descriptor(), F_SETFD, FD_CLOEXEC);
  }
  explicit Scratch(const std::string& text) : Scratch() {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() || std::fflush(file_.get()) != 0) fail();
    rewind();
  }

  [[nodiscard]] int descriptor() const { return ::fileno(file_.get()); }

  void rewind() {
    if (::lseek(descriptor(), 0, SEEK_SET) != 0) fail();
  }

  /// Everything in it.
  std::string text() {
    rewind();
    std::vector<char> buffer(1 << 16);
    std::string all;
    for (;;) {
      const ssize_t count = ::read(descriptor(), buffer.data(), buffer.size());
      if (count == 0) return all;
      if (count > 0)
        all.append(buffer.data(), static_cast<std::size_t>(count));
      else if (errno != EINTR)
        fail();
    }
  }

 private:
  [[noreturn]] static void fail() { throw IoError(std::string("a temporary file: ") + std::strerror(errno)); }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// Our environment, with a locale and a date for drawings that are the same everywhere.
std::vector<std::string> environment() {
  std::vector<std::string> result;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string text = *each;
    const bool ours = text.rfind("LC_ALL=", 0) == 0 || text.rfind("SOURCE_DATE_EPOCH=", 0) == 0;
    if (!ours) result.push_back(text);
  }
  result.emplace_back("LC_ALL=C.UTF-8");
  result.emplace_back("SOURCE_DATE_EPOCH=0");
  return result;
}

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

/// Runs the program to its end; returns its wait status.
int run(const std::string& program, std::vector<std::string> arguments, const Scratch& in, const Scratch& out,
        const Scratch& messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, messages.descriptor(), STDERR_FILENO);
  std::vector<std::string> variables = environment();
  std::vector<char*> argv, envp;
  std::string name = program;
  argv.push_back(name.data());
  for (std::string& argument : arguments) argv.push_back(argument.data());
  for (std::string& variable : variables) envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_t child = 0;
  os::ChildGuard guard;
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT)
    throw std::runtime_error("'" + program +
                             "' was not found; install gnuplot ('apt-get install gnuplot-nox' on Debian and Ubuntu, "
                             "'brew install gnuplot' on macOS)" +
                             instead);
  if (error != 0) throw std::runtime_error("'" + program + "' can't be started: " + std::strerror(error));
  guard.started(child);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::runtime_error(program + ": " + std::strerror(errno));
  return status;
}

}  // namespace

Gnuplot find_gnuplot() {
  Gnuplot result;
  const char* named = std::getenv("GNUPLOT");
  result.program = named != nullptr && *named != '\0' ? named : "gnuplot";
  Scratch in, out, messages;
  const int status = run(result.program, {"--version"}, in, out, messages);
  const std::string text = trimmed(out.text());
  if (status != 0 || std::sscanf(text.c_str(), "gnuplot %d.%d", &result.major, &result.minor) != 2)
    throw std::runtime_error("'" + result.program + "' is no gnuplot: '--version' gave '" +
                             text.substr(0, std::min<std::size_t>(text.find('\n'), 60)) + "'");
  if (result.major < 5 || (result.major == 5 && result.minor < 4))
    throw std::runtime_error("gnuplot 5.4 or later is needed, found " + std::to_string(result.major) + "." +
                             std::to_string(result.minor) + instead);
  return result;
}

std::string run_gnuplot(const Gnuplot& gnuplot, const std::string& script, os::Sink& sink) {
  Scratch in(script), out, messages;
  // -d: the drawing depends on the script alone, and not on the user's settings.
  const int status = run(gnuplot.program, {"-d", "-"}, in, out, messages);
  std::string said = trimmed(messages.text());
  if (WIFSIGNALED(status))
    throw std::runtime_error("gnuplot was ended by signal " + std::to_string(WTERMSIG(status)) +
                             (said.empty() ? "" : ": " + said));
  if (status != 0) throw std::runtime_error("gnuplot failed: " + (said.empty() ? "it gave no reason" : said));
  std::string picture = out.text();
  if (picture.empty()) throw std::runtime_error("gnuplot drew nothing" + (said.empty() ? "" : ": " + said));
  remove_date(picture);
  sink.write(picture);
  sink.finish();
  return said;
}

}  // namespace optexplore::picture
