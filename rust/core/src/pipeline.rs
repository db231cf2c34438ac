//! The whole way of a text: the only file that knows the order.
