// The exercises of chapter 7, in order.

extension Catalogue {
  package static let chapter07: [any AnyExercise] = []
}
