// The command: the sections to measure, their data, and the output of the results.

import ArgumentParser
import Datasets
import Tensors

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures the machine's limit, and how close kernels, layers, epochs and whole networks come to it.",
    discussion: """
      All times are medians of several runs. If PyTorch is installed for python3, it is measured alternately with the \
      workbook, with the same number of threads. Without a section option, all sections are measured. After Ctrl-C, the \
      results so far are kept.
      """)

  @Flag(help: "Only the machine's limit, which is always measured first.") var limit = false
  @Flag(help: "Kernels: naive versus fast.") var kernels = false
  @Flag(help: "Layers of the three LeNets, forward and backward, most time lost first.") var layers = false
  @Flag(help: "Epochs of the three LeNets.") var epochs = false
  @Flag(help: "Forward passes of the three LeNets in batches of 1, 32 and 256.") var inference = false
  @Flag(help: "Forward passes of large networks in batches of 1 and 8.") var models = false
  @Flag(help: "The figures of a page.") var pages = false

  @Option(help: "Number of threads; by default one for each core.") var threads: Int?
  @Option(help: "Number of timed runs of each item.") var runs = 3
  @Option(help: "Folder with the four MNIST files; if none is found, synthetic digits are used.") var data: String?
  @Option(help: "Number of images in an epoch.") var images = 60_000
  @Option(parsing: .upToNextOption, help: "The large networks to measure.")
  var networks = ["alexnet", "vgg16", "resnet18", "resnet50"]
  @Option(help: ArgumentHelp("Write all results to a file as JSON; - for standard output.", valueName: "file"))
  var json: String?
  @Flag(name: .customLong("no-pytorch"), help: "Measure without PyTorch.") var withoutPyTorch = false
  @Flag(help: .hidden) var serve = false

  func validate() throws {
    if runs < 1 { throw ValidationError("--runs: expected a positive number, found \(runs)") }
    if images < 1 { throw ValidationError("--images: expected a positive number, found \(images)") }
    if let threads, threads < 1 { throw ValidationError("--threads: expected a positive number, found \(threads)") }
    for name in networks {
      do { _ = try network(name) } catch { throw ValidationError("--networks: \(error)") }
    }
  }

  func run() throws {
    if let threads { Parallel.threadCount = threads }
    if serve { return try serveForward() }
    Interruption.listen()
    let output = Output(usesStandardError: json == "-")
    var report: Report?
    var problem: (any Error)?
    do {
      output.progress("the limit of the machine")
      let limit = try MachineLimit(runs: runs)
      limit.print(to: output)
      var figures = Report(runs: runs, limit: limit)
      defer { report = figures }
      try measureSections(
        in: BenchmarkContext(runs: runs, output: output, limit: limit, wantsPyTorch: !withoutPyTorch), &figures)
    } catch is Interrupted {
      problem = ExitCode(130)
    } catch {
      problem = error
    }
    // Write the results so far, whatever ended the measurements.
    if let json { try report?.write(to: json) }
    if let problem { throw problem }
  }

  /// Measures every requested section, and stores each result as soon as it is available.
  private func measureSections(in context: BenchmarkContext, _ report: inout Report) throws {
    let all = ![limit, kernels, layers, epochs, inference, models, pages].contains(true)
    if all || kernels { try benchmarkKernels(in: context) { report.kernels = (report.kernels ?? []) + [$0] } }
    if all || layers { try benchmarkLayers(in: context) { report.layers = (report.layers ?? []) + [$0] } }
    if all || epochs {
      let digits = try Digits.load(from: data, count: images)
      report.pytorch = try benchmarkEpochs(on: digits.train, in: context) {
        report.epochs = (report.epochs ?? []) + [$0]
      }
    }
    if all || inference {
      report.pytorch = try benchmarkForward(
        "Inference", networks: leNets.map(\.name), batches: [1, 32, 256], imagesPerTurn: 2_048, in: context
      ) { report.inference = (report.inference ?? []) + [$0] }
    }
    if all || models {
      report.pytorch = try benchmarkForward(
        "Large networks, one pass", networks: networks, batches: [1, 8], imagesPerTurn: 1, in: context
      ) { report.models = (report.models ?? []) + [$0] }
    }
    if all || pages { try benchmarkPages(in: context) { report.pages = (report.pages ?? []) + [$0] } }
  }
}
