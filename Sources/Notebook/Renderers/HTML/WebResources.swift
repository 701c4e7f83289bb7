// The style, the scripts and the template of pages: the files of `Web`, which are part of the program itself.

/// The style of every page: the files of style, and what figures need.
enum PageStyle {
  static let css =
    WebResources.joined([
      PackageResources.themes_css, PackageResources.base_css, PackageResources.figures_css, PackageResources.live_css,
      PackageResources.live_boards_css,
      PackageResources.blocks_css,
      PackageResources.widths_css, PackageResources.slides_css, PackageResources.speaker_css, PackageResources.book_css,
      PackageResources.print_css,
    ]) + FigureRenderer.styleSheet

  /// What the strip above a page that is being written needs besides.
  static let served = WebResources.joined([PackageResources.served_css])
}

/// The scripts of pages. Without them a page still reads.
enum PageScript {
  /// Runs before the first paint.
  static let head = WebResources.joined([PackageResources.head_js])

  /// Runs after a chapter's page.
  static let page = WebResources.function(shared + [PackageResources.keys_js])

  /// Runs after the book.
  static let book = WebResources.function(
    shared + [PackageResources.book_js, PackageResources.board_js, PackageResources.keys_js])

  /// Runs after the scoreboard of claims.
  static let board = WebResources.function(shared + [PackageResources.board_js, PackageResources.keys_js])

  /// Runs after a page with panels, besides its own script, which unpacks it; the threads' script is a text in it.
  static let panels = WebResources.withoutComments(
    WebResources.function([
      Array("const workerScript = \(JSONValue.string(worker));\n".utf8), PackageResources.live_js,
      PackageResources.live_controls_js, PackageResources.live_chart_js,
      PackageResources.live_window_js, PackageResources.live_digit_js, PackageResources.live_field_js,
      PackageResources.live_signals_js, PackageResources.live_lenet_js, PackageResources.live_graph_js,
      PackageResources.live_neuron_js, PackageResources.live_flow_js, PackageResources.live_unit_js,
      PackageResources.live_cloud_js, PackageResources.live_penalty_js, PackageResources.live_batch_js,
      PackageResources.live_bowl_js, PackageResources.live_depth_js, PackageResources.live_thinned_js,
      PackageResources.live_questions_js, PackageResources.live_start_js,
    ]))

  /// Runs in the thread of a panel.
  private static let worker = WebResources.joined([PackageResources.packed_js, PackageResources.live_worker_js])

  /// Runs after a page that a server hands out while it is being written.
  static let served = WebResources.joined([PackageResources.served_js])

  private static let shared = [
    PackageResources.page_js, PackageResources.theme_js, PackageResources.copy_js, PackageResources.packed_js,
    PackageResources.sliders_js, PackageResources.outlines_js, PackageResources.hover_js, PackageResources.slides_js,
    PackageResources.fit_js, PackageResources.presenter_js,
    PackageResources.sheets_js, PackageResources.preview_js, PackageResources.sketch_js, PackageResources.predict_js,
    PackageResources.live_load_js,
  ]
}

enum WebResources {
  /// Files as one text.
  static func joined(_ files: [[UInt8]]) -> String {
    files.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }

  /// Scripts as one function, so that their names are their own.
  static func function(_ files: [[UInt8]]) -> String { "\"use strict\";(() => {\n" + joined(files) + "})();" }

  /// A script without the lines that are comments: it is packed in every page, where nobody reads it.
  static func withoutComments(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
  }

  /// The document around a page, its `{{places}}` filled; what is filled in is not looked at again.
  static func document(_ values: [String: String]) -> String {
    joined([PackageResources.document_html]).replacing(#/\{\{(\w+)\}\}/#) { values[String($0.1)] ?? "" }
  }
}
