pub use vapora_agents::review;
