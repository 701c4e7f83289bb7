// The page of chapter 11: the last part, for looking things up, and what a bottleneck costs.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The last part: nothing of the argument.
  static func addLookingUp(to page: inout Page, _ runs: PageRuns<Findings>) {
    let findings = runs.live
    page.prose(
      """
      ## For looking things up

      The argument ends here. What follows are a cheaper block, and the nets that you will meet elsewhere.

      ### The bottleneck

      In ResNets of 50 layers and more a block squeezes its channels before the 3×3 convolution. That makes it cheaper.
      """)
    page.fold("The bottleneck: three convolutions, counted") { addBottleneckCosts(to: &$0, findings.blocks) }
    addFamilies(to: &page, findings)
    if let photograph = findings.photograph { addPhotograph(to: &page, photograph) }
    page.fold("Eleven networks counted, names to look up, published weights") {
      addCatalogue(to: &$0, findings)
      if findings.photograph == nil { addWeights(to: &$0) }
    }
    page.fold("Three small nets of these families, and where one of them looks") {
      addSlim(to: &$0, runs)
      addWalk(to: &$0, findings.slim)
    }
    addErratum(to: &page, runs.reported.factors)
  }

  /// What a bottleneck is, and what it costs.
  private static func addBottleneckCosts(to page: inout Page, _ blocks: BlockFindings) {
    let (basicSum, bottleneckSum) = (blocks.basicSum, blocks.bottleneckSum)
    let wideBasic = blockCosts(channels: 256).standard
    page.prose(
      """
      Blocks of two 3×3 convolutions on many channels are expensive. So in ResNets of 50 layers and more a block, called a bottleneck, has three \
      steps: a 1×1 convolution down to a quarter of its channels, a 3×3 convolution there, and a 1×1 convolution back up. It is (a) in \
      the figure.
      """)
    page.figure(blocksFigure(bottleneck: true))
    page.table(
      Table(
        "Weights of a block",
        columns: ["block", "calculation", "weights"],
        rows: [
          ["two 3×3 on 64 channels", "64·64·3·3·2", TableCell(basicSum)],
          [
            "bottleneck on 256 channels",
            TableCell("256·64 + 64·64·3·3 + 64·256 = \(blocks.bottleneck.map(grouped).joined(separator: " + "))"),
            TableCell(bottleneckSum),
          ],
          ["two 3×3 on 256 channels", "256·256·3·3·2", TableCell(wideBasic)],
        ]))
    page.prose(
      """
      The bottleneck costs \(bottleneckSum < basicSum ? "less" : "more") than two 3×3 convolutions on 64 channels and \
      carries four times the channels past it. Two 3×3 convolutions on 256 channels would cost \(short(Double(wideBasic) / Double(bottleneckSum))) \
      times as much. These numbers count weights. On maps of 56×56 pixels each weight is used \
      \(grouped(56 * 56)) times, in both blocks alike. S1 objects that information is lost, because the branch squeezes \
      everything through 64 channels. But the addition carries the whole input past the branch.

      Where a block changes the size or the number of channels, its input must change shape before it can be added. A *projection* \
      does that, also called a *reduce shortcut*, as in (b): a 1×1 convolution with the same stride, and batch normalization. From 256 channels to \
      512 it has \(grouped(256 * 512)) weights. Only the first block of a stage needs it.
      """)
  }
}
