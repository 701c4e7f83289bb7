// The options of chapter 5 beside the shared ones.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct NormOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(
    help: """
      With --full: measure how far a step turns the weights, and nets tested in the wrong mode, those alone, and write \
      the record with them.
      """)
  var turning = false
  @Flag(
    help: """
      With --full: choose the record's rates on images kept back, measure the controls, those alone, and write the record \
      with them.
      """)
  var controls = false
  @Option(
    help: """
      With --full: measure decay (weight decay before a norm), kicks (large gradients cut in batches of 2), heart (few \
      images learned by heart, with more seeds), noise (statistics of many images; the first net that is missing), depth \
      (nets of up to 40 layers), starts (the same from smaller weights), five (the dispute on the perceptron of the \
      sweeps), more (more seeds for it), halves (half a norm, layer norm and training curves), places (where the mean \
      matters), dispute or dense (what older records lack), that alone, and write the record with it.
      """)
  var part: Part?

  /// What can be measured alone.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case decay, kicks, heart, noise, depth, starts, five, more, halves, places, dispute, dense
  }

  func validate() throws {
    try shared.requireFull(for: "--part", part != nil)
    try shared.requireFull(for: "--turning", turning)
    try shared.requireFull(for: "--controls", controls)
  }
}
