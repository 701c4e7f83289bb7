// `./workbook bench`: the benchmarks; PyTorch beside them where installed

import ArgumentParser
import Foundation
import Workbook

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract:
      "Times pages, kernels, layers, epochs and whole networks; medians, PyTorch beside them where it is installed.")

  @Option(help: "Counted runs of each piece.") var runs = 3
  @Option(help: "Threads; by default one for each core.") var threads: Int?
  @Option(help: "Folder with the four MNIST files; synthetic digits otherwise.") var data: String?
  @Flag(help: "Leave out the epochs, which take most of the time.") var noEpochs = false

  @Flag(help: "Only how long the figures of a page take.") var pages = false
  @Flag(help: "Only the full-size networks: one image through each, time and memory.") var models = false
  @Option(help: ArgumentHelp("One network, as JSON.", visibility: .hidden)) var model: String?

  func validate() throws {
    if runs < 1 { throw ValidationError("--runs: expected a positive number, found \(runs)") }
    if let threads, threads < 1 { throw ValidationError("--threads: expected a positive number, found \(threads)") }
  }

  func run() throws {
    if let threads { Parallel.threadCount = threads }
    if let model {
      guard let named = NamedModel.named(model) else { throw ValidationError("there is no network '\(model)'") }
      print(String(decoding: try JSONEncoder().encode(try cost(of: named, runs: runs)), as: UTF8.self))
      return
    }
    if models { return try benchmarkModels(runs: runs) }
    benchmarkPages(runs: runs)
    if pages { return }
    benchmarkKernels(runs: runs)
    try benchmarkLayers(of: .plus, name: "LeNet-5+", steps: 100)
    try benchmarkLayers(of: .plusPlus, name: "LeNet-5++", steps: 100)
    if !noEpochs { try benchmarkEpochs(on: Digits.load(from: data).train, runs: runs) }
    try benchmarkModels(runs: runs)
  }
}

Bench.main()
