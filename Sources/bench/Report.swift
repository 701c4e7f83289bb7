// All results of a run, for JSON output.

import Basics
import Foundation
import Notebook
import Tensors

/// The results; sections that were not requested, or not reached, are missing.
struct Report: Codable {
  /// The vector instructions for which the kernels were compiled.
  var vectors = VectorUnit.name
  var threads = Parallel.threadCount
  /// The number of timed runs of each item.
  var runs: Int
  /// The version of PyTorch used for comparison.
  var pytorch: String?
  var limit: MachineLimit
  var kernels: [KernelFigure]?
  var layers: [LayerFigure]?
  var epochs: [EpochFigure]?
  var inference: [ForwardFigure]?
  var models: [ForwardFigure]?
  var pages: [PageFigure]?

  /// Writes the results to a file, or to standard output if the path is `-`.
  func write(to path: String) throws {
    let json = try JSONEncoder.ofRecords.encode(self) + Data("\n".utf8)
    if path == "-" {
      try FileHandle.standardOutput.write(contentsOf: json)
    } else {
      try AtomicFile.write(json, to: path)
    }
  }
}

/// The times of the same work here and in PyTorch, measured alternately.
struct Comparison: Codable {
  var here: Timing
  var pytorch: Timing?

  /// The speed relative to PyTorch.
  var ratio: Double? { pytorch.map { $0.median / here.median } }

  /// Measures both alternately. During the pause before each run, the threads of the previous run, which poll for more
  /// work, go to sleep.
  init(runs: Int, here: @escaping () throws -> Double, pytorch: (() throws -> Double)?) throws {
    let times = try inTurn(
      runs: runs,
      ([here] + (pytorch.map { [$0] } ?? [])).map { work in
        {
          Thread.sleep(forTimeInterval: 0.2)
          return try work()
        }
      })
    self.here = times[0]
    self.pytorch = times.count > 1 ? times[1] : nil
  }
}

/// The settings and results that all sections share.
struct BenchmarkContext {
  let runs: Int
  let output: Output
  let limit: MachineLimit
  /// Whether to compare with PyTorch.
  let wantsPyTorch: Bool

  /// Starts a script of Tests/Peers; prints a message if PyTorch is not installed.
  func pytorch(_ script: String) -> Peer? {
    guard wantsPyTorch else { return nil }
    output.progress("starting PyTorch")
    let peer = Peer.pytorch(script)
    if peer == nil { output.say("\nPyTorch is not installed for python3: no comparison.") }
    return peer
  }
}
