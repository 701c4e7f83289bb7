// swift-tools-version: 6.2
// The plan of the workbook: one core, one notebook, and a small executable for each chapter.
//
// Imports run one way:
//   Basics under all of it,  Tensors ← NeuralNetworks ← Training,  Tensors ← Datasets ← Training,
//   Training ← ExerciseKit ← Exercises, Solutions,  ExerciseKit ← ExerciseCatalogue ← workbook-cli,
//   GnuplotStream ← Notebook,  and Workbook on top of both, which is all that a chapter imports.

import Foundation
import PackageDescription

/// The numerical core is compiled optimized in debug builds too, so that a plain `swift run` trains at full speed.
/// `-march=native` gives the kernels the machine's fused multiply-add and widest vectors.
let optimized: [SwiftSetting] = [
  .unsafeFlags(["-O"]),
  .unsafeFlags(["-Xcc", "-march=native"], .when(platforms: [.linux])),
]

/// One run of the compiler for a whole module: it optimizes what files share once, not once for each part of them, and
/// writes an object for each file, as the build expects. The interface is written apart and first, without bodies: no one
/// waits for the rest of the module, or is compiled again when a body changes.
let whole: [SwiftSetting] = [
  .unsafeFlags([
    "-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode", "-emit-module-separately-wmo",
    "-disable-cmo",
  ])
]

/// The chapters that exist: every folder of `Chapters` is an executable of the same name.
let chapters = folders(in: "Chapters")

/// The names of the folders directly inside `parent`, sorted.
func folders(in parent: String) -> [String] {
  let path = Context.packageDirectory + "/" + parent
  let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return names.filter { !$0.hasPrefix(".") && $0.hasPrefix("ch") }.sorted()
}

/// The records of a chapter's full run beside its sources, and weights of it, if there are any.
func records(of chapter: String) -> [String] {
  let folder = Context.packageDirectory + "/Chapters/" + chapter + "/"
  return ["findings.json", "run.json", "lenet5plusplus.safetensors"].filter {
    FileManager.default.fileExists(atPath: folder + $0)
  }
}

/// A module of the numerical core, at full speed in every configuration.
func core(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: optimized + whole)
}

/// The core, and all that a chapter imports with the one name Workbook.
///
/// SwiftPM compiles a module again when one that it names has changed, not when one behind that has. A target that lays out
/// types of the core must therefore name all of it, or an update would leave programs that crash.
let numerical: [Target.Dependency] = ["Basics", "Tensors", "NeuralNetworks", "Datasets", "Training"]
let everything: [Target.Dependency] = numerical + ["Notebook", "ExerciseKit", "Workbook"]
/// The exercises with their cases, for what examines answers: programs and tests, no chapter.
let catalogue: [Target.Dependency] = numerical + ["ExerciseKit", "ExerciseCatalogue"]

/// The tests of one module: `ChapterTests`, which use the modules named.
func tests(_ module: String, _ more: [Target.Dependency] = [], settings: [SwiftSetting] = []) -> Target {
  .testTarget(name: module + "Tests", dependencies: more, swiftSettings: settings)
}

/// For programs that load a learner's compiled answer: it finds the core inside them.
let hosting: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "-export-dynamic"], .when(platforms: [.linux]))
]

/// The solutions and their tests, which are those of the exercises; a handout for students has neither.
let solutions: [Target] =
  folders(in: "Solutions").isEmpty
  ? []
  : [
    .target(name: "Solutions", dependencies: numerical + ["ExerciseKit"], path: "Solutions"),
    .testTarget(
      name: "SolutionTests", dependencies: catalogue + ["Solutions"],
      swiftSettings: [.define("SOLUTIONS")]),
  ]

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "ConvNetWorkbook",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Workbook", targets: ["Workbook"]),
    // The core alone, for packages that train something of their own.
    .library(name: "NeuralNetworks", targets: ["Tensors", "NeuralNetworks", "Datasets", "Training"]),
    .executable(name: "workbook", targets: ["workbook-cli"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // What everything stands on: hashing, files, numbers as text, terminals, processes. Optimized for the digests of
    // data sets: those of MNIST take 18 seconds in a debug build.
    core("Basics"),

    // The numerical core.
    core("Tensors", ["CVectors"]),
    core("NeuralNetworks", ["Basics", "Tensors"]),
    core("Datasets", ["Basics", "Tensors", "CZlib", "CPNG"]),
    core("Training", ["Basics", "Tensors", "NeuralNetworks", "Datasets"]),

    // What the panels of pages compute; compiled here, and for the browser by `LiveModule`.
    .target(
      name: "Live", dependencies: ["Tensors", "NeuralNetworks", "Datasets"], exclude: ["Browser"],
      swiftSettings: optimized + whole),

    // Pages and plots.
    .target(
      name: "GnuplotStream",
      linkerSettings: ["boost_iostreams", "boost_filesystem"].map { .linkedLibrary($0) }),
    // Style and scripts are in the program itself, which may be run from any folder and copied anywhere.
    .target(
      name: "Notebook", dependencies: ["Basics", "CZlib", "GnuplotStream"], resources: [.embedInCode("Web")]),

    // Libraries of the system.
    .systemLibrary(name: "CVectors"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),

    // The learner's side.
    .target(name: "CSandbox"),
    .target(name: "ExerciseKit", dependencies: numerical),
    // What an answer sees while it is examined, and the process that it is called in: shapes, tensors, descriptions of
    // layers, and nothing that it should write itself. Sources of the core are linked into its folder.
    core("AnswerKit"),
    .executableTarget(name: "answer-host", dependencies: ["AnswerKit", "CSandbox"], linkerSettings: hosting),
    .target(name: "ExerciseCatalogue", dependencies: numerical + ["ExerciseKit"]),
    .target(name: "Exercises", dependencies: numerical + ["ExerciseKit"], path: "Exercises"),

    // What chapters import, and what people run.
    .target(
      name: "Workbook", dependencies: numerical + ["CZlib", "Live", "Notebook", "ExerciseKit", arguments]),
    .executableTarget(
      name: "workbook-cli", dependencies: everything + ["ExerciseCatalogue", "answer-host", arguments]),
    .executableTarget(
      name: "bench", dependencies: numerical + ["CVectors", "Notebook", arguments], swiftSettings: optimized),

    // Tests.
    tests("Basics", ["Basics"]),
    tests("Tensors", ["Basics", "Tensors"], settings: optimized),
    tests("NeuralNetworks", numerical, settings: optimized),
    tests("Datasets", numerical + ["CZlib", "Fuzzing"], settings: optimized),
    tests("Training", numerical + ["CAllocations"], settings: optimized),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .target(name: "Fuzzing", dependencies: ["Tensors"], path: "Tests/Fuzzing", swiftSettings: optimized),
    .testTarget(name: "NotebookTests", dependencies: ["Basics", "CZlib", "Notebook"], exclude: ["Golden"]),
    tests("Workbook", everything + ["Live", "ExerciseCatalogue", "Fuzzing", "workbook-cli", "bench"]),
    tests("Chapter", everything + ["Live"] + chapters.map { .init(stringLiteral: $0) }),
    // The checker starts the program `answer-host`.
    tests("ExerciseKit", catalogue + ["Fuzzing", "answer-host"]),
    tests("Exercise", catalogue + ["Exercises"]),
  ] + solutions
    + chapters.map {
      .executableTarget(
        name: $0, dependencies: everything, path: "Chapters/" + $0, exclude: records(of: $0), linkerSettings: hosting)
    },
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
