// The engines of the prototype behind one face that shows nothing of their headers: those define
// macros and global names, and need flags of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace mote::bench {

// A network as the prototype builds it: stem, equal cells of NAS-Bench-201, head.
struct EngineInput {
  std::string letters;  // of a cell without dead edges, as CellOfLetters reads them
  int cells = 0;
  int channels = 0;  // 8, 16 or 32
  int side = 0;      // of the images, in pixels
  int classes = 0;
  int batch_size = 0;
};

// One network of the prototype with its weights and Adam's moments. Vectors of parameters are in
// the order and layout of Network::parameters().
class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::int64_t parameter_count() const = 0;
  virtual int conv_count() const = 0;  // the stem's among them

  virtual void GetParameters(float* parameters) = 0;
  virtual void SetParameters(const float* parameters) = 0;
  // Zero moments, step counter zero.
  virtual void Reset() = 0;

  // Forward, backward, one update of Adam on a whole batch: images[batch][side][side][3],
  // labels[batch]. Returns the mean loss before the update.
  virtual double Step(const float* images, const int* labels) = 0;
};

// cpu-engine with Winograd's convolutions, as it is faster with than without: two cells with 4x4
// average pooling between them, 10 classes.
std::unique_ptr<Engine> MakeCpuEngine(const EngineInput& input);

// ranking-driver's extension of the same class to cells in a row. All of its networks lie in one
// arena, so there may be one at a time; a second aborts.
std::unique_ptr<Engine> MakeRankingDriver(const EngineInput& input);

// cpu-engine's libtorch network, channels last, on one thread: the networks of MakeCpuEngine. Only
// in builds with libtorch.
std::unique_ptr<Engine> MakeLibtorchNetwork(const EngineInput& input);

}  // namespace mote::bench
