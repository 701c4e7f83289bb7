// The command: which sections, on what, and where the figures go.

import ArgumentParser
import Datasets
import Tensors

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures the machine's limit, then how near to it kernels, layers, epochs and whole networks come.",
    discussion: """
      Medians of several runs. Where python3 has PyTorch, it is measured in turn with the workbook, on as many threads. \
      Without a section all are measured. Ctrl-C leaves what was measured until then.
      """)

  @Flag(help: "Only the machine's limit, which is measured before every section.") var limit = false
  @Flag(help: "Kernels, naive against fast.") var kernels = false
  @Flag(help: "Layers of the three LeNets, forward and back, the worst first.") var layers = false
  @Flag(help: "Epochs of the three LeNets.") var epochs = false
  @Flag(help: "Forward passes of the three LeNets in batches of 1, 32 and 256.") var inference = false
  @Flag(help: "Forward passes of large networks in batches of 1 and 8.") var models = false
  @Flag(help: "The figures of a page.") var pages = false

  @Option(help: "Threads; by default one for each core.") var threads: Int?
  @Option(help: "Counted runs of each piece.") var runs = 3
  @Option(help: "Folder with the four MNIST files; synthetic digits otherwise.") var data: String?
  @Option(help: "Images of an epoch.") var images = 60_000
  @Option(parsing: .upToNextOption, help: "The large networks.")
  var networks = ["alexnet", "vgg16", "resnet18", "resnet50"]
  @Option(help: ArgumentHelp("Write all figures to a file as JSON; - for standard output.", valueName: "file"))
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
    let output = Output(isTaken: json == "-")
    var report: Report?
    var problem: (any Error)?
    do {
      output.progress("the limit of the machine")
      let limit = try MachineLimit(runs: runs)
      limit.print(to: output)
      var figures = Report(runs: runs, limit: limit)
      defer { report = figures }
      try measureSections(
        in: Surroundings(runs: runs, output: output, limit: limit, wantsPyTorch: !withoutPyTorch), &figures)
    } catch is Interrupted {
      problem = ExitCode(130)
    } catch {
      problem = error
    }
    // Whatever stopped the measuring, what was measured stays.
    if let json { try report?.write(to: json) }
    if let problem { throw problem }
  }

  /// Measures every section that was asked for, and keeps each figure as soon as it is there.
  private func measureSections(in around: Surroundings, _ report: inout Report) throws {
    let all = ![limit, kernels, layers, epochs, inference, models, pages].contains(true)
    if all || kernels { try benchmarkKernels(in: around) { report.kernels = (report.kernels ?? []) + [$0] } }
    if all || layers { try benchmarkLayers(in: around) { report.layers = (report.layers ?? []) + [$0] } }
    if all || epochs {
      let digits = try Digits.load(from: data, count: images)
      report.pytorch = try benchmarkEpochs(on: digits.train, in: around) {
        report.epochs = (report.epochs ?? []) + [$0]
      }
    }
    if all || inference {
      report.pytorch = try benchmarkForward(
        "Inference", networks: leNets.map(\.name), batches: [1, 32, 256], imagesPerTurn: 2_048, in: around
      ) { report.inference = (report.inference ?? []) + [$0] }
    }
    if all || models {
      report.pytorch = try benchmarkForward(
        "Large networks, one pass", networks: networks, batches: [1, 8], imagesPerTurn: 1, in: around
      ) { report.models = (report.models ?? []) + [$0] }
    }
    if all || pages { try benchmarkPages(in: around) { report.pages = (report.pages ?? []) + [$0] } }
  }
}
