pub use wrapper::Thing;
