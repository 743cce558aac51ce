from .options import BaseOptions as BaseOptions
