// The options of chapter 6 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct DropoutOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(help: "With --full: measure the controls, those alone, and write the record with them.")
  var controls = false
  @Option(help: "With --controls: measure this one alone.")
  var part: ControlPart?
  @Option(help: "With --part photographs: the folder of CIFAR-10.")
  var photographs: String?

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
  }
}
