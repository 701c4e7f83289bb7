// All figures of a run, as JSON keeps them.

import Basics
import Foundation
import Notebook
import Tensors

/// What was measured; sections that were not asked for, or not reached, are missing.
struct Report: Codable {
  /// The vector instructions that the kernels were compiled for.
  var vectors = VectorUnit.name
  var threads = Parallel.threadCount
  /// Counted runs of each piece.
  var runs: Int
  /// The version of PyTorch beside which was measured.
  var pytorch: String?
  var limit: MachineLimit
  var kernels: [KernelFigure]?
  var layers: [LayerFigure]?
  var epochs: [EpochFigure]?
  var inference: [ForwardFigure]?
  var models: [ForwardFigure]?
  var pages: [PageFigure]?

  /// Writes the figures to a file, or to standard output where the path is `-`.
  func write(to path: String) throws {
    let json = try JSONEncoder.ofRecords.encode(self) + Data("\n".utf8)
    if path == "-" {
      try FileHandle.standardOutput.write(contentsOf: json)
    } else {
      try AtomicFile.write(json, to: path)
    }
  }
}

/// One piece of work here and in PyTorch, measured in turn.
struct Comparison: Codable {
  var here: Timing
  var pytorch: Timing?

  /// How many times faster than PyTorch.
  var ratio: Double? { pytorch.map { $0.median / here.median } }

  /// Measures both in turn. The pause between them lets the threads of the one before, which wait awake for more work,
  /// fall asleep.
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

/// Where PyTorch is beside us, and what all sections share.
struct Surroundings {
  let runs: Int
  let output: Output
  let limit: MachineLimit
  /// Whether PyTorch is to be looked for.
  let wantsPyTorch: Bool

  /// Starts a script of Tests/Peers; says so where PyTorch is not installed.
  func pytorch(_ script: String) -> Peer? {
    guard wantsPyTorch else { return nil }
    output.progress("starting PyTorch")
    let peer = Peer.pytorch(script)
    if peer == nil { output.say("\nPyTorch is not installed for python3: no comparison.") }
    return peer
  }
}
