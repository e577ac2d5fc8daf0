// Entry of the dispatch grid bundle.
export {};
