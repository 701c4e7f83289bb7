// The page of chapter 11: the appendix: the bottleneck, the families, a look inside small nets.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The appendix: nothing of the argument.
  static func addAppendix(to page: inout Page, _ runs: PageRuns<Findings>) {
    let findings = runs.live
    page.prose(
      """
      ## Appendix: famous nets

      ### The bottleneck

      ResNets of 50 layers and more squeeze the channels before each 3×3 convolution. That is cheaper.
      """)
    page.fold("The bottleneck: three convolutions, counted") { addBottleneckCosts(to: &$0, findings.blocks) }
    addFamilies(to: &page, findings)
    if let photograph = findings.photograph { addPhotograph(to: &page, photograph) }
    page.fold("Eleven networks counted, your photograph") {
      addCatalogue(to: &$0, findings)
      if findings.photograph == nil { addWeights(to: &$0) }
    }
    page.fold("Three small nets side by side") { addSlim(to: &$0, runs) }
    page.fold("Where the small ResNet looks: occlusion and saliency") { addWalk(to: &$0, findings.slim) }
    addLandscape(to: &page, runs.reported)
    addErratum(to: &page, runs.reported.factors)
  }

  /// What a bottleneck is, and what it costs.
  private static func addBottleneckCosts(to page: inout Page, _ blocks: BlockFindings) {
    let (basicSum, bottleneckSum) = (blocks.basicSum, blocks.bottleneckSum)
    let wideBasic = blockCosts(channels: 256).standard
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
      The bottleneck costs \(bottleneckSum < basicSum ? "less" : "more") than two 3×3 convolutions on 64 channels. S1 objects that \
      information is lost in its 64 channels; but the addition carries the whole input past them. \
      A projection shortcut, in S1 a *reduce shortcut*, stands in the first block of a stage.
      """)
  }

  /// The families, built from their tables.
  private static func addFamilies(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ### The families

      Three families show how depth grew on ImageNet, a set of more than a million photographs in 1000 classes.
      """)
    page.table(
      Table(
        "Three families: parameters counted here (AlexNet in torchvision's variant); published errors (%) of one net, with five answers for a photograph",
        columns: ["net", "layers", "idea", .init("parameters (M)", digits: 1), .init("errors (%)", digits: 1)],
        rows: [
          (net: "AlexNet", year: "2012", idea: "ReLUs and dropout; three large dense layers", error: 18.2),
          ("VGG-19", "2014", "only 3×3 windows: two see as much as a 5×5, with 18 weights for 25", 7.1),
          ("ResNet-152", "2015", "blocks with additions, one dense layer", 4.5),
        ].map { row in
          let family = findings.family(row.net)
          return [
            TableCell("\(row.net), \(row.year)"), TableCell("\(family.depth)"), TableCell(row.idea),
            TableCell(Double(family.parameters) / 1e6), TableCell(row.error),
          ]
        }))
    page.fold("The challenge, what each family costs") { addThree(to: &$0, findings) }
  }

  /// Three families, and what they cost.
  private static func addThree(to page: inout Page, _ findings: Findings) {
    let (vgg19, resnet152) = (findings.family("VGG-19"), findings.family("ResNet-152"))
    page.prose(
      """
      Errors on the validation photographs (Krizhevsky et al. 2012; He et al. 2016a, table 4). In the challenge of 2012 several AlexNets together had 15.3 %, the second, with features made by hand, 26.2 %; \
      several ResNets together were first in 2015 with 3.57 %. In AlexNet two dense layers drop half of their inputs.

      Other classics:

      - **NiN** (2013): 1×1 convolutions between the others, and a global mean in place of dense layers.
      - **GoogLeNet** (2014): windows of several sizes side by side in each block.
      - **DCGAN** (2015): one convolutional net makes pictures, another tells them from real ones.
      - **DenseNet** (2016): every layer of a stage gets the maps of all layers before it.
      - **SENet** (2017): a small net of its own weighs the channels of each block.

      VGG and ResNet have *stages*: the next one halves height and width of the maps and doubles the channels, up to 512.
      """)
    page.prose(
      resnet152.multiplyAdds < vgg19.multiplyAdds
        ? "ResNet-152 is \(short(Double(resnet152.depth) / Double(vgg19.depth))) times as deep as VGG-19, with \(percent(Double(resnet152.multiplyAdds) / Double(vgg19.multiplyAdds))) of its multiply-adds and \(percent(Double(resnet152.parameters) / Double(vgg19.parameters))) of its parameters."
        : "ResNet-152 costs more than VGG-19.")
  }

  /// The networks in detail, names to look up.
  private static func addCatalogue(to page: inout Page, _ findings: Findings) {
    let (families, exact) = (findings.families, findings.exactFamilies)
    page.table(
      Table(
        "Built and counted", columns: ["network", "parameters", "multiply-adds"],
        rows: families.map {
          [TableCell($0.name), TableCell($0.parameters), TableCell(giga($0.multiplyAdds))]
        }))
    page.prose(
      """
      \(exact == families.count ? "All \(exact)" : "\(exact) of \(families.count)") have the number of parameters that is \
      published, or that follows from S3's table. From ResNet-50 on the blocks are bottlenecks.
      """)
  }

  /// The reader's photograph.
  private static func addPhotograph(to page: inout Page, _ photograph: Photograph) {
    page.figure(
      Figure(
        "\(photograph.title): \(photograph.answers[0].name), \(percent(photograph.answers[0].probability))",
        .images(ImageGrid(columns: 1, [photograph.picture])), caption: "The picture given with --image.",
        name: "photograph"))
    page.table(
      Table(
        "The five best classes", columns: ["class", .init("probability (%)", digits: 2)],
        rows: photograph.answers.map { [TableCell($0.name), TableCell(100 * $0.probability)] }))
  }

  /// How to give one.
  private static func addWeights(to page: inout Page) {
    page.prose(
      """
      With published PyTorch weights, saved as a safetensors file, this chapter classifies a photograph of yours:

      ```text
      swift run ch11-deeper-networks --model resnet50 --weights FILE \\
        --image PHOTO.png --labels NAMES.txt
      ```
      """)
  }
}
