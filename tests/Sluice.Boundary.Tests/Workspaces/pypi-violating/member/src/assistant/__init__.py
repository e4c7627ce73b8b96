from chatty import talk
