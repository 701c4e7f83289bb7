// The options of chapter 6 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct DropoutOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(help: "With --full: measure the controls, those alone, and write the record with them.")
  var controls = false
  @Option(help: "With --controls: the folder of CIFAR-10, to measure the row of colour photographs alone.")
  var photographs: String?

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
  }
}
