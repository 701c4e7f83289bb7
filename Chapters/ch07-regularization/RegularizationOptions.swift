// The options of chapter 7 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct RegularizationOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(
    help:
      "With --full: measure the controls that the record lacks, those alone, and write the record with them."
  )
  var controls = false
  @Option(
    help: "With --full: train on the photographs of CIFAR-10 in this folder, that alone, and write the record with it.")
  var photographs: String?

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
    try shared.requireFull(for: "--photographs", photographs != nil)
  }
}
