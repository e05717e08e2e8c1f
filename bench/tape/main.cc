// What a tape of the native engine costs beside its executor: a pass forward and back with all
// parameters' gradients, in float and in double, and Executor::Gradient on the same network and
// batch, alternating in one process (bench/README.md).
//
//   mote_bench_tape [ROUNDS [NETWORK...]]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "mote/backends/backend.h"
#include "mote/base/error.h"
#include "mote/base/rng.h"
#include "mote/space/operators.h"
#include "mote/space/search_space.h"

namespace mote {

MOTE_BACKEND(native);
MOTE_SPACE(nasbench201);

namespace {

constexpr int kBatch = 64;

struct Subject {
  std::string name;
  Network network;
};

std::vector<Subject> Subjects(const SearchSpace& space) {
  const auto of = [&](const Architecture& cell, const Skeleton& skeleton, int side) {
    return space.Build(cell, skeleton, {side, side, 3, 10});
  };
  Rng rng(Key(0, "tape bench"));
  std::vector<Subject> subjects;
  const std::pair<std::string, Architecture> cells[] = {
      {"heaviest", space.Parse("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
                               "|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|")},
      {"random", SampleUniform(space, rng)},
      {"skips", space.Parse("|skip_connect~0|+|skip_connect~0|skip_connect~1|+"
                            "|nor_conv_3x3~0|avg_pool_3x3~1|skip_connect~2|")}};
  for (const auto& [name, cell] : cells) {
    subjects.push_back({"benchmark-" + name, of(cell, BenchmarkSkeleton(), 32)});
  }
  for (const auto& [name, cell] : cells) {
    subjects.push_back({"fast-" + name, of(cell, RowSkeleton(5, 8), 4)});
  }
  return subjects;
}

template <class Work>
double Seconds(int repeats, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < repeats; ++i) work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / repeats;
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void Measure(int rounds, const std::vector<std::string>& names) {
  SpaceRegistry spaces("space");
  RegisterSpace_nasbench201(spaces);
  const auto space = spaces.Create("nasbench201", {});
  BackendRegistry backends("backend");
  RegisterBackend_native(backends);
  const auto backend = backends.Create("native", {});
  fmt::print("{:<20}{:>12}{:>10}{:>10}{:>8}{:>8}\n", "network", "executor ms", "float ms",
             "double ms", "float", "double");
  for (const auto& [name, network] : Subjects(*space)) {
    if (!names.empty() && std::ranges::find(names, name) == names.end()) continue;
    Rng rng(Key(0, "tape bench", name));
    std::vector<double> parameters(network.parameter_count());
    for (double& parameter : parameters) parameter = 0.1 * rng.Normal();
    std::vector<float> images(kBatch * network.input_shape().elements());
    for (float& pixel : images) pixel = float(rng.Uniform());
    std::vector<int> labels(kBatch);
    for (int& label : labels) label = int(rng.Below(network.classes()));
    std::vector<double> gradient(parameters.size());

    const auto executor = backend->Compile(network, kBatch);
    executor->SetParameters(parameters);
    executor->Reset({}, {});
    const std::vector<double> pixels(images.begin(), images.end());
    const std::vector<double> slopes(kBatch * network.classes(), 1.0 / kBatch);
    const int head = int(network.ops().size()) - 1;
    std::unique_ptr<Tape> tapes[] = {backend->Record(network, kBatch, Precision::kSingle),
                                     backend->Record(network, kBatch, Precision::kDouble)};
    for (const auto& tape : tapes) tape->SetParameters(parameters);
    const auto run_executor = [&] { executor->Gradient({images, labels}, gradient); };
    const auto run_tape = [&](Tape& tape) {
      tape.Forward(pixels, kBatch, NormMode::kBatch);
      tape.Backward(head, slopes);
      tape.ParameterSlopes();
    };
    run_executor();
    const int repeats = std::max(1, int(0.05 / Seconds(1, run_executor)));
    std::vector<double> seconds[3];
    for (int round = 0; round < rounds; ++round) {
      seconds[0].push_back(Seconds(repeats, run_executor));
      for (int t = 0; t < 2; ++t) {
        if (round == 0) run_tape(*tapes[t]);
        seconds[t + 1].push_back(Seconds(repeats, [&] { run_tape(*tapes[t]); }));
      }
    }
    const double base = Median(seconds[0]);
    const double in_float = Median(seconds[1]);
    const double in_double = Median(seconds[2]);
    fmt::print("{:<20}{:>12.3f}{:>10.3f}{:>10.3f}{:>8.2f}{:>8.2f}\n", name, 1e3 * base,
               1e3 * in_float, 1e3 * in_double, in_float / base, in_double / base);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace mote

int main(int count, char** arguments) {
  try {
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 5;
    mote::Measure(rounds, {arguments + std::min(count, 2), arguments + count});
  } catch (const mote::Error& error) {
    fmt::print(stderr, "mote_bench_tape: {}\n", error.what());
    return 1;
  }
}
